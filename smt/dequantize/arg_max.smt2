; states: The arg max over int32 accumulators is the arg max over the exact logits acc * scale: with one positive scale for
; states: all actions, acc_i < acc_j if and only if scale * acc_i < scale * acc_j.
; expect: unsat
(set-logic QF_LRA)
(declare-const acc_i Real)
(declare-const acc_j Real)
(define-fun left () Real (* {{ numerator }}.0 acc_i))
(define-fun right () Real (* {{ numerator }}.0 acc_j))
; Both sides are multiplied by the scale's positive denominator, {{ denominator }}.
(assert (not (= (< acc_i acc_j) (< left right))))
; check: all pairs of accumulators
(check-sat)
