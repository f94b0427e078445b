# Two hundred small rules, each with its own condition.
# wants: harmless
package layak.eligibility

small_0 if input.subject == "nik"

small_1 if input.subject == "nik"

small_2 if input.subject == "nik"

small_3 if input.subject == "nik"

small_4 if input.subject == "nik"

small_5 if input.subject == "nik"

small_6 if input.subject == "nik"

small_7 if input.subject == "nik"

small_8 if input.subject == "nik"

small_9 if input.subject == "nik"

small_10 if input.subject == "nik"

small_11 if input.subject == "nik"

small_12 if input.subject == "nik"

small_13 if input.subject == "nik"

small_14 if input.subject == "nik"

small_15 if input.subject == "nik"

small_16 if input.subject == "nik"

small_17 if input.subject == "nik"

small_18 if input.subject == "nik"

small_19 if input.subject == "nik"

small_20 if input.subject == "nik"

small_21 if input.subject == "nik"

small_22 if input.subject == "nik"

small_23 if input.subject == "nik"

small_24 if input.subject == "nik"

small_25 if input.subject == "nik"

small_26 if input.subject == "nik"

small_27 if input.subject == "nik"

small_28 if input.subject == "nik"

small_29 if input.subject == "nik"

small_30 if input.subject == "nik"

small_31 if input.subject == "nik"

small_32 if input.subject == "nik"

small_33 if input.subject == "nik"

small_34 if input.subject == "nik"

small_35 if input.subject == "nik"

small_36 if input.subject == "nik"

small_37 if input.subject == "nik"

small_38 if input.subject == "nik"

small_39 if input.subject == "nik"

small_40 if input.subject == "nik"

small_41 if input.subject == "nik"

small_42 if input.subject == "nik"

small_43 if input.subject == "nik"

small_44 if input.subject == "nik"

small_45 if input.subject == "nik"

small_46 if input.subject == "nik"

small_47 if input.subject == "nik"

small_48 if input.subject == "nik"

small_49 if input.subject == "nik"

small_50 if input.subject == "nik"

small_51 if input.subject == "nik"

small_52 if input.subject == "nik"

small_53 if input.subject == "nik"

small_54 if input.subject == "nik"

small_55 if input.subject == "nik"

small_56 if input.subject == "nik"

small_57 if input.subject == "nik"

small_58 if input.subject == "nik"

small_59 if input.subject == "nik"

small_60 if input.subject == "nik"

small_61 if input.subject == "nik"

small_62 if input.subject == "nik"

small_63 if input.subject == "nik"

small_64 if input.subject == "nik"

small_65 if input.subject == "nik"

small_66 if input.subject == "nik"

small_67 if input.subject == "nik"

small_68 if input.subject == "nik"

small_69 if input.subject == "nik"

small_70 if input.subject == "nik"

small_71 if input.subject == "nik"

small_72 if input.subject == "nik"

small_73 if input.subject == "nik"

small_74 if input.subject == "nik"

small_75 if input.subject == "nik"

small_76 if input.subject == "nik"

small_77 if input.subject == "nik"

small_78 if input.subject == "nik"

small_79 if input.subject == "nik"

small_80 if input.subject == "nik"

small_81 if input.subject == "nik"

small_82 if input.subject == "nik"

small_83 if input.subject == "nik"

small_84 if input.subject == "nik"

small_85 if input.subject == "nik"

small_86 if input.subject == "nik"

small_87 if input.subject == "nik"

small_88 if input.subject == "nik"

small_89 if input.subject == "nik"

small_90 if input.subject == "nik"

small_91 if input.subject == "nik"

small_92 if input.subject == "nik"

small_93 if input.subject == "nik"

small_94 if input.subject == "nik"

small_95 if input.subject == "nik"

small_96 if input.subject == "nik"

small_97 if input.subject == "nik"

small_98 if input.subject == "nik"

small_99 if input.subject == "nik"

small_100 if input.subject == "nik"

small_101 if input.subject == "nik"

small_102 if input.subject == "nik"

small_103 if input.subject == "nik"

small_104 if input.subject == "nik"

small_105 if input.subject == "nik"

small_106 if input.subject == "nik"

small_107 if input.subject == "nik"

small_108 if input.subject == "nik"

small_109 if input.subject == "nik"

small_110 if input.subject == "nik"

small_111 if input.subject == "nik"

small_112 if input.subject == "nik"

small_113 if input.subject == "nik"

small_114 if input.subject == "nik"

small_115 if input.subject == "nik"

small_116 if input.subject == "nik"

small_117 if input.subject == "nik"

small_118 if input.subject == "nik"

small_119 if input.subject == "nik"

small_120 if input.subject == "nik"

small_121 if input.subject == "nik"

small_122 if input.subject == "nik"

small_123 if input.subject == "nik"

small_124 if input.subject == "nik"

small_125 if input.subject == "nik"

small_126 if input.subject == "nik"

small_127 if input.subject == "nik"

small_128 if input.subject == "nik"

small_129 if input.subject == "nik"

small_130 if input.subject == "nik"

small_131 if input.subject == "nik"

small_132 if input.subject == "nik"

small_133 if input.subject == "nik"

small_134 if input.subject == "nik"

small_135 if input.subject == "nik"

small_136 if input.subject == "nik"

small_137 if input.subject == "nik"

small_138 if input.subject == "nik"

small_139 if input.subject == "nik"

small_140 if input.subject == "nik"

small_141 if input.subject == "nik"

small_142 if input.subject == "nik"

small_143 if input.subject == "nik"

small_144 if input.subject == "nik"

small_145 if input.subject == "nik"

small_146 if input.subject == "nik"

small_147 if input.subject == "nik"

small_148 if input.subject == "nik"

small_149 if input.subject == "nik"

small_150 if input.subject == "nik"

small_151 if input.subject == "nik"

small_152 if input.subject == "nik"

small_153 if input.subject == "nik"

small_154 if input.subject == "nik"

small_155 if input.subject == "nik"

small_156 if input.subject == "nik"

small_157 if input.subject == "nik"

small_158 if input.subject == "nik"

small_159 if input.subject == "nik"

small_160 if input.subject == "nik"

small_161 if input.subject == "nik"

small_162 if input.subject == "nik"

small_163 if input.subject == "nik"

small_164 if input.subject == "nik"

small_165 if input.subject == "nik"

small_166 if input.subject == "nik"

small_167 if input.subject == "nik"

small_168 if input.subject == "nik"

small_169 if input.subject == "nik"

small_170 if input.subject == "nik"

small_171 if input.subject == "nik"

small_172 if input.subject == "nik"

small_173 if input.subject == "nik"

small_174 if input.subject == "nik"

small_175 if input.subject == "nik"

small_176 if input.subject == "nik"

small_177 if input.subject == "nik"

small_178 if input.subject == "nik"

small_179 if input.subject == "nik"

small_180 if input.subject == "nik"

small_181 if input.subject == "nik"

small_182 if input.subject == "nik"

small_183 if input.subject == "nik"

small_184 if input.subject == "nik"

small_185 if input.subject == "nik"

small_186 if input.subject == "nik"

small_187 if input.subject == "nik"

small_188 if input.subject == "nik"

small_189 if input.subject == "nik"

small_190 if input.subject == "nik"

small_191 if input.subject == "nik"

small_192 if input.subject == "nik"

small_193 if input.subject == "nik"

small_194 if input.subject == "nik"

small_195 if input.subject == "nik"

small_196 if input.subject == "nik"

small_197 if input.subject == "nik"

small_198 if input.subject == "nik"

small_199 if input.subject == "nik"

bomb if {
	small_0
	not small_199
}
