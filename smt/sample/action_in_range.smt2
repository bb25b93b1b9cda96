; states: Sampling by table always finds an action: for every 32-bit random word, (random * S) >> 32 is non-negative and
; states: below S, the sum of all weights, so some running sum exceeds it; and the product fits 64 bits.
; expect: unsat
(set-logic QF_LIA)
(declare-const random Int)
(declare-const threshold Int)
(assert (and (<= 0 random) (<= random {{ 2 ** 32 - 1 }})))
{%- for S in range(127, 127 * actions + 1) %}
(push 1)
(assert (and (<= (* {{ 2 ** 32 }} threshold) (* {{ S }} random)) (< (* {{ S }} random) (* {{ 2 ** 32 }} (+ threshold 1)))))
(assert (not (and (<= 0 threshold) (< threshold {{ S }}) (<= (* {{ S }} random) {{ 2 ** 63 - 1 }}))))
; check: S = {{ S }}
(check-sat)
(pop 1)
{%- endfor %}
