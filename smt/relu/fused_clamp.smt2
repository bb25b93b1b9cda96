; states: relu after requantize equals one clamp: max(clamp(v, -128, 127), z) = clamp(v, z, 127), for every integer v and
; states: every zero point z in int8.
; expect: unsat
(set-logic QF_LIA)
(declare-const v Int)
(declare-const z Int)
(assert (and (<= (- 128) z) (<= z 127)))
(define-fun clamped () Int (ite (< v (- 128)) (- 128) (ite (> v 127) 127 v)))
(define-fun relu () Int (ite (< clamped z) z clamped))
(define-fun fused () Int (ite (< v z) z (ite (> v 127) 127 v)))
(assert (not (= relu fused)))
; check: all v, all zero points
(check-sat)
