; states: Each (multiplier, shift) is the nearest to the real scale input_scale * weight_scale / output_scale of its
; states: channel: |multiplier / 2^(31 + shift) - scale| <= 2^-(32 + shift), over the exact rationals that the float32 are.
; expect: unsat
(set-logic QF_LRA)
(declare-const scale Real)
{%- for c in channels %}
(push 1)
(assert (= (* {{ c.denominator }}.0 scale) {{ c.numerator * 2 ** (32 + c.shift) }}.0))
(assert (not (and (<= (- {{ 2 * c.multiplier }}.0 scale) 1.0) (<= (- scale {{ 2 * c.multiplier }}.0) 1.0))))
; check: {{ c.name }}
(check-sat)
(pop 1)
{%- endfor %}
