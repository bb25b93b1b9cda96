; states: Every table index of the continuous head lies in [0, 255]: the top byte of the random word, the log_std code plus 128,
; states: and the clamped sum of mean and noise plus 128, for all int8 codes.
; expect: unsat
(set-logic QF_BV)
(declare-const random (_ BitVec 32))
(declare-const log_std (_ BitVec 8))
(declare-const mean (_ BitVec 8))
(declare-const noise (_ BitVec 8))
(define-fun sum () (_ BitVec 32) (bvadd ((_ sign_extend 24) mean) ((_ sign_extend 24) noise)))
(define-fun clamped () (_ BitVec 32)
  (ite (bvslt sum #xffffff80) #xffffff80 (ite (bvslt #x0000007f sum) #x0000007f sum)))
(define-fun in_table ((index (_ BitVec 32))) Bool (and (bvsle #x00000000 index) (bvsle index #x000000ff)))
(assert (not (and (in_table (bvlshr random #x00000018))
                  (in_table (bvadd ((_ sign_extend 24) log_std) #x00000080))
                  (in_table (bvadd clamped #x00000080)))))
; check: all random words and codes
(check-sat)
