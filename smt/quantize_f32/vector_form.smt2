; states: quantize_f32 as MVE computes it equals its definition for every float32: multiply, convert to the nearest int32
; states: (saturating, NaN to 0), add the zero point, clamp to int8; and no flushing of subnormals, of the observation or
; states: of the product, changes a code.
; Two checks per feature, so that only one holds a multiplication. A subnormal observation has a product that rounds to
; zero. And for every product p: the definition and the vector form give one code, with p flushed (flush) or not, also
; where a product is tiny only before rounding; and a p that rounds to zero gives the zero point, as the product of a
; flushed observation does. p is NaN only for a NaN observation by quantize_f32.defined.
; expect: unsat
(set-logic QF_BVFP)
(declare-const x (_ FloatingPoint 8 24))
(declare-const p (_ FloatingPoint 8 24))
(declare-const flush Bool)
(define-fun zero () (_ FloatingPoint 8 24) ((_ to_fp 8 24) #x00000000))
(define-fun smallest_normal () (_ FloatingPoint 8 24) ((_ to_fp 8 24) #x00800000))
(define-fun two31 () (_ FloatingPoint 8 24) ((_ to_fp 8 24) #x4f000000))
{%- for f in features %}
{%- set i = loop.index0 %}
(push 1)
(assert (fp.isSubnormal x))
(assert (not (fp.isZero (fp.roundToIntegral RNE (fp.mul RNE x ((_ to_fp 8 24) #x{{ f.inv_scale }}))))))
; check: feature {{ i }}, subnormal observation
(check-sat)
(pop 1)
(push 1)
(define-fun lo{{ i }} () (_ FloatingPoint 8 24) ((_ to_fp 8 24) #x{{ f.lo }}))
(define-fun hi{{ i }} () (_ FloatingPoint 8 24) ((_ to_fp 8 24) #x{{ f.hi }}))
; The definition.
(define-fun rounded{{ i }} () (_ FloatingPoint 8 24) (fp.roundToIntegral RNE p))
(define-fun clamped{{ i }} () (_ FloatingPoint 8 24)
  (ite (fp.leq rounded{{ i }} lo{{ i }}) lo{{ i }} (ite (fp.leq hi{{ i }} rounded{{ i }}) hi{{ i }} rounded{{ i }})))
(define-fun code{{ i }} () (_ BitVec 40)
  ((_ sign_extend 8) (bvadd #x{{ f.zero_point }} (ite (fp.isNaN p) #x00000000 ((_ fp.to_sbv 32) RTZ clamped{{ i }})))))
; The vector form, in 40 bits so that adding the zero point cannot wrap.
(define-fun nearest{{ i }} () (_ FloatingPoint 8 24)
  (fp.roundToIntegral RNE (ite (and flush (fp.leq (fp.abs p) smallest_normal)) zero p)))
(define-fun converted{{ i }} () (_ BitVec 32)
  (ite (fp.isNaN nearest{{ i }}) #x00000000
    (ite (fp.leq two31 nearest{{ i }}) #x7fffffff
      (ite (fp.leq nearest{{ i }} (fp.neg two31)) #x80000000 ((_ fp.to_sbv 32) RTZ nearest{{ i }})))))
(define-fun moved{{ i }} () (_ BitVec 40) (bvadd ((_ sign_extend 8) converted{{ i }}) ((_ sign_extend 8) #x{{ f.zero_point }})))
(define-fun vector{{ i }} () (_ BitVec 40)
  (ite (bvslt moved{{ i }} #xffffffff80) #xffffffff80 (ite (bvslt #x000000007f moved{{ i }}) #x000000007f moved{{ i }})))
(assert (not (and (= code{{ i }} vector{{ i }})
  (=> (fp.isZero rounded{{ i }}) (= code{{ i }} ((_ sign_extend 8) #x{{ f.zero_point }}))))))
; check: feature {{ i }}, every product
(check-sat)
(pop 1)
{%- endfor %}
