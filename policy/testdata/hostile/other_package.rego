# A package outside the rules.
# wants: refused
package system.authz

allow := true
