; states: dequantize is finite: float32(acc) * scale is neither NaN nor infinite, for every int32 accumulator.
; expect: unsat
(set-logic QF_BVFP)
(declare-const acc (_ BitVec 32))
{%- for bits in scales %}
(push 1)
(define-fun logit{{ loop.index0 }} () (_ FloatingPoint 8 24)
  (fp.mul RNE ((_ to_fp 8 24) RNE acc) ((_ to_fp 8 24) #x{{ bits }})))
(assert (or (fp.isNaN logit{{ loop.index0 }}) (fp.isInfinite logit{{ loop.index0 }})))
; check: output {{ loop.index0 }}
(check-sat)
(pop 1)
{%- endfor %}
