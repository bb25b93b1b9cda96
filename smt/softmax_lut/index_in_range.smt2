; states: The index of every table lookup, an int8 code plus 128, lies in [0, 255].
; expect: unsat
(set-logic QF_BV)
(declare-const code (_ BitVec 8))
(define-fun index () (_ BitVec 32) (bvadd ((_ sign_extend 24) code) #x00000080))
(assert (not (and (bvsle #x00000000 index) (bvsle index #x000000ff))))
; check: all int8 codes
(check-sat)
