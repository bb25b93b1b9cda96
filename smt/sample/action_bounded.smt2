; states: The continuous action is a finite float32 inside [-127 * action_scale, 127 * action_scale], for every entry of the tanh
; states: table, and every entry lies in [-127, 127].
; expect: unsat
(set-logic QF_BVFP)
(declare-const entry (_ BitVec 8))
(assert (or{% for e in entries %} (= entry #x{{ e }}){% endfor %}))
(define-fun scale () (_ FloatingPoint 8 24) ((_ to_fp 8 24) #x{{ scale }}))
(define-fun action () (_ FloatingPoint 8 24) (fp.mul RNE ((_ to_fp 8 24) RNE entry) scale))
(define-fun bound () (_ FloatingPoint 8 24) (fp.mul RNE ((_ to_fp 8 24) #x42fe0000) scale))
(assert (not (and (bvsle #x81 entry) (fp.leq (fp.neg bound) action) (fp.leq action bound) (not (fp.isInfinite bound)))))
; check: all entries
(check-sat)
