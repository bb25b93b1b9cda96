; states: The product of any two int8 values fits int16: the 16-bit product, widened, is the 32-bit product.
; expect: unsat
(set-logic QF_BV)
(declare-const w (_ BitVec 8))
(declare-const x (_ BitVec 8))
(assert (not (= ((_ sign_extend 16) (bvmul ((_ sign_extend 8) w) ((_ sign_extend 8) x)))
                (bvmul ((_ sign_extend 24) w) ((_ sign_extend 24) x)))))
; check: all int8 pairs
(check-sat)
