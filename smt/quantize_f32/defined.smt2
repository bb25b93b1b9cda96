; states: quantize_f32 is defined for every float32, NaN and infinities included: the product is NaN only for NaN, the
; states: value that is converted to an integer is an integer inside the clamp bounds (no conversion is undefined),
; states: the code lies in int8, and NaN gives the zero point.
; expect: unsat
(set-logic QF_BVFP)
(declare-const x (_ FloatingPoint 8 24))
{%- for f in features %}
(push 1)
(define-fun product{{ loop.index0 }} () (_ FloatingPoint 8 24) (fp.mul RNE x ((_ to_fp 8 24) #x{{ f.inv_scale }})))
(define-fun lo{{ loop.index0 }} () (_ FloatingPoint 8 24) ((_ to_fp 8 24) #x{{ f.lo }}))
(define-fun hi{{ loop.index0 }} () (_ FloatingPoint 8 24) ((_ to_fp 8 24) #x{{ f.hi }}))
(define-fun rounded{{ loop.index0 }} () (_ FloatingPoint 8 24) (fp.roundToIntegral RNE product{{ loop.index0 }}))
(define-fun clamped{{ loop.index0 }} () (_ FloatingPoint 8 24)
  (ite (fp.leq rounded{{ loop.index0 }} lo{{ loop.index0 }}) lo{{ loop.index0 }}
    (ite (fp.leq hi{{ loop.index0 }} rounded{{ loop.index0 }}) hi{{ loop.index0 }} rounded{{ loop.index0 }})))
(define-fun code{{ loop.index0 }} () (_ BitVec 32)
  (bvadd #x{{ f.zero_point }} (ite (fp.isNaN x) #x00000000 ((_ fp.to_sbv 32) RTZ clamped{{ loop.index0 }}))))
(assert (not (and
  (= (fp.isNaN product{{ loop.index0 }}) (fp.isNaN x))
  (=> (not (fp.isNaN x))
    (and (fp.leq lo{{ loop.index0 }} clamped{{ loop.index0 }}) (fp.leq clamped{{ loop.index0 }} hi{{ loop.index0 }})
         (fp.eq clamped{{ loop.index0 }} (fp.roundToIntegral RTZ clamped{{ loop.index0 }}))))
  (bvsle #xffffff80 code{{ loop.index0 }}) (bvsle code{{ loop.index0 }} #x0000007f)
  (=> (fp.isNaN x) (= code{{ loop.index0 }} #x{{ f.zero_point }})))))
; check: feature {{ loop.index0 }}
(check-sat)
(pop 1)
{%- endfor %}
