import TinyVerify.ObjectCode.Combinations
import TinyVerify.ObjectCode.Integers
/-!
# A word that has a form as a linear combination has its value

Main results: `wordsOk_spec` and `quotientsOk_spec`.
-/
namespace TinyVerify.ObjectCode

theorem remainder {z p q r : Int} (e : z = p * q + r) (h0 : 0 ≤ r) (h1 : r < p) : z / p = q ∧ z % p = r := by
  have hp : 0 < p := by omega
  refine ⟨ediv_unique hp (by omega) (by omega), ?_⟩
  rw [e, Int.add_comm, Int.add_mul_emod_self_left, Int.emod_eq_of_lt h0 h1]

theorem Word.combination_eval {bound n : Nat} {x : List Int} (hx : Within bound x) (hl : x.length = n) (w : Word) :
    ∀ {c : Combination}, w.combination n bound = some c → w.eval x = c.eval x := by
  induction w with
  | value i =>
    intro c h
    rw [← Option.some.inj h]
    show nth x i = (((0 : Nat) : Int) * (sum x / 2) + weighted (unitAt 1 i) x) + ((0 : Nat) : Int)
    rw [weighted_unitAt, Int.natCast_zero, Int.zero_mul, Int.natCast_one, Int.one_mul]
    omega
  | const k =>
    intro c h
    cases k with
    | ofNat m =>
      rw [← Option.some.inj h]
      show (m : Int) = (((0 : Nat) : Int) * (sum x / 2) + 0) + (m : Int)
      rw [Int.natCast_zero, Int.zero_mul]
      omega
    | negSucc m => cases h
  | add a b iha ihb =>
    intro c h
    unfold Word.combination at h
    split at h
    · rename_i u v hu hv
      rw [← Option.some.inj h]
      show a.eval x + b.eval x = (((u.half + v.half : Nat) : Int) * (sum x / 2) + weighted (addAll u.factors v.factors) x) +
        ((u.const + v.const : Nat) : Int)
      rw [iha hu, ihb hv, weighted_addAll, Int.natCast_add, Int.natCast_add, Int.add_mul]
      unfold Combination.eval
      omega
    · cases h
  | mul a k ih =>
    intro c h
    unfold Word.combination at h
    split at h
    · rename_i m u hu
      rw [← Option.some.inj h]
      show a.eval x * (m : Int) = (((u.half * m : Nat) : Int) * (sum x / 2) + weighted (mapNat (fun b => Nat.mul b m) u.factors) x) +
        ((u.const * m : Nat) : Int)
      rw [ih hu, weighted_times, Int.natCast_mul, Int.natCast_mul, Int.mul_assoc, Int.mul_comm (m : Int), ← Int.mul_assoc,
        ← Int.add_mul, ← Int.add_mul]
      rfl
    · cases h
  | floor a k ih =>
    intro c h
    unfold Word.combination at h
    split at h
    · rename_i u hu
      show a.eval x / ((2 ^ k : Nat) : Int) = c.eval x
      rw [ih hu]
      unfold Combination.floor at h
      split at h
      · rename_i ht
        have h1 := and_split (a := Nat.beq k 1) ht
        rw [← Option.some.inj h, Combination.isTotal_spec hl h1.2, Nat.eq_of_beq_eq_true h1.1]
        show sum x / 2 = (((1 : Nat) : Int) * (sum x / 2) + 0) + ((0 : Nat) : Int)
        rw [Int.natCast_one, Int.one_mul]
        omega
      · split at h
        · rename_i d hd
          have h1 := Combination.below_spec hx hl hd
          rw [← Option.some.inj h]
          exact (remainder h1.1 h1.2.1 h1.2.2).1
        · cases h
    · cases h
  | signed a bits ih =>
    intro c h
    unfold Word.combination at h
    split at h
    · rename_i k u hu
      have h1 := Combination.below_spec hx hl h
      have h2 := two_mul_half (k := k + 1) (by omega)
      have e : ((2 ^ (k + 1) : Nat) : Int) = 2 * ((2 ^ k : Nat) : Int) := by
        rw [Nat.pow_succ, Nat.mul_comm, Int.natCast_mul]
        rfl
      show (a.eval x + half (k + 1)) % ((2 ^ (k + 1) : Nat) : Int) - half (k + 1) = c.eval x
      have h3 : u.eval x + half (k + 1) =
          ((2 ^ (k + 1) : Nat) : Int) * (u.map fun a => Nat.div a (Nat.pow 2 (k + 1))).eval x + (c.eval x + half (k + 1)) := by
        rw [h1.1]
        omega
      rw [ih hu, (remainder h3 (by omega) (by omega)).2]
      omega
    · cases h
  | unsigned a bits ih =>
    intro c h
    unfold Word.combination at h
    split at h
    · rename_i u hu
      have h1 := Combination.below_spec hx hl h
      show a.eval x % ((2 ^ bits : Nat) : Int) = c.eval x
      rw [ih hu]
      exact (remainder h1.1 h1.2.1 h1.2.2).2
    · cases h

theorem unsignedBits_asr_signedBits {bits k width : Nat} (h : k + bits ≤ width) (z : Int) :
    unsignedBits bits (asr (signedBits width z) k) = unsignedBits bits (asr z k) := by
  have e : ((2 ^ width : Nat) : Int) = ((2 ^ bits : Nat) : Int) * ((2 ^ (width - (k + bits)) : Nat) : Int) * ((2 ^ k : Nat) : Int) := by
    rw [← Int.natCast_mul, ← Int.natCast_mul, ← Nat.pow_add, ← Nat.pow_add]
    have e2 : bits + (width - (k + bits)) + k = width := by omega
    rw [e2]
  have d := Int.mul_ediv_add_emod (z + half width) ((2 ^ width : Nat) : Int)
  have s : signedBits width z = z + -(((2 ^ bits : Nat) : Int) * (((2 ^ (width - (k + bits)) : Nat) : Int) *
      ((z + half width) / ((2 ^ width : Nat) : Int)))) * ((2 ^ k : Nat) : Int) := by
    unfold signedBits
    generalize (z + half width) / ((2 ^ width : Nat) : Int) = q at d ⊢
    rw [e] at d ⊢
    rw [Int.mul_assoc _ _ q, Int.mul_comm _ q, ← Int.mul_assoc] at d
    rw [Int.neg_mul, ← Int.mul_assoc]
    omega
  rw [s, asr_add_mul, ← Int.mul_neg]
  exact Int.add_mul_emod_self_left _ _ _

theorem Word.cut_eval (w : Word) (bits : Nat) (x : List Int) : (w.cut bits).eval x = unsignedBits bits (w.eval x) := by
  unfold Word.cut
  split
  · rename_i a width k
    split
    · rename_i h
      exact (unsignedBits_asr_signedBits (Nat.le_of_ble_eq_true h) (a.eval x)).symm
    · rfl
  · rfl

theorem Word.tidy_eval (w : Word) (x : List Int) : w.tidy.eval x = w.eval x := by
  induction w with
  | value i => rfl
  | const k => rfl
  | add a b iha ihb => show a.tidy.eval x + b.tidy.eval x = a.eval x + b.eval x; rw [iha, ihb]
  | mul a k ih => show a.tidy.eval x * k = a.eval x * k; rw [ih]
  | floor a k ih => show asr (a.tidy.eval x) k = asr (a.eval x) k; rw [ih]
  | signed a bits ih => show signedBits bits (a.tidy.eval x) = signedBits bits (a.eval x); rw [ih]
  | unsigned a bits ih => show (a.tidy.cut bits).eval x = unsignedBits bits (a.eval x); rw [Word.cut_eval, ih]

theorem Word.isOf_spec {bound n half factor i : Nat} {x : List Int} (hx : Within bound x) (hl : x.length = n) {w : Word}
    (h : w.isOf n bound half factor i = true) : w.eval x = (half : Int) * (sum x / 2) + (factor : Int) * nth x i := by
  unfold Word.isOf at h
  split at h
  · rename_i c hc
    rw [← w.tidy_eval, Word.combination_eval hx hl w.tidy hc]
    exact Combination.isOf_spec h
  · cases h

/-! ### lists of words and quotients -/

/-- The numbers from `i` on. -/
def From (x : List Int) (i : Nat) (rest : List Int) : Prop := i + rest.length = x.length ∧ ∀ j, nth x (i + j) = nth rest j

theorem From.next {x rest : List Int} {z : Int} {i : Nat} (h : From x i (z :: rest)) : nth x i = z ∧ From x (i + 1) rest := by
  have l : (z :: rest).length = rest.length + 1 := rfl
  refine ⟨h.2 0, by have := h.1; omega, ?_⟩
  intro j
  have h1 := h.2 (j + 1)
  have e : i + (j + 1) = i + 1 + j := by omega
  rw [e] at h1
  exact h1

theorem From.all (x : List Int) : From x 0 x := ⟨Nat.zero_add _, fun j => by rw [Nat.zero_add]⟩

theorem wordsOk_length {bound n : Nat} (ws : List Word) : ∀ {i : Nat}, wordsOk n bound ws i = true → i + ws.length = n := by
  induction ws with
  | nil => intro i h; exact Nat.eq_of_beq_eq_true h
  | cons w ws ih =>
    intro i h
    have h1 := and_split (a := w.isOf n bound 0 1 i) h
    have h2 := ih h1.2
    have l : (w :: ws).length = ws.length + 1 := rfl
    omega

theorem wordsOk_spec {bound n : Nat} {x : List Int} (hx : Within bound x) (hl : x.length = n) (ws : List Word) :
    ∀ {i : Nat} {rest : List Int}, From x i rest → wordsOk n bound ws i = true → wordsOf x ws = rest := by
  induction ws with
  | nil =>
    intro i rest hf h
    have e := wordsOk_length [] h
    cases rest with
    | nil => rfl
    | cons z zs =>
      have h1 := hf.1
      have l : (z :: zs).length = zs.length + 1 := rfl
      have l0 : ([] : List Word).length = 0 := rfl
      omega
  | cons w ws ih =>
    intro i rest hf h
    have e := wordsOk_length _ h
    have h1 := and_split (a := w.isOf n bound 0 1 i) h
    cases rest with
    | nil =>
      have h2 := hf.1
      have l : (w :: ws).length = ws.length + 1 := rfl
      have l0 : ([] : List Int).length = 0 := rfl
      omega
    | cons z zs =>
      have hn := hf.next
      show w.eval x :: wordsOf x ws = z :: zs
      rw [ih hn.2 h1.2, Word.isOf_spec hx hl h1.1, hn.1, Int.natCast_zero, Int.zero_mul, Int.natCast_one, Int.one_mul, Int.zero_add]

theorem quotientsOk_length {bound n : Nat} (qs : List Quotient) :
    ∀ {i : Nat}, quotientsOk n bound qs i = true → i + qs.length = n := by
  induction qs with
  | nil => intro i h; exact Nat.eq_of_beq_eq_true h
  | cons q qs ih =>
    intro i h
    have h1 := and_split (a := q.ok n bound i) h
    have h2 := ih h1.2
    have l : (q :: qs).length = qs.length + 1 := rfl
    omega

theorem Quotient.ok_spec {bound n i : Nat} {x : List Int} (hx : Within bound x) (hl : x.length = n) {q : Quotient}
    (h : q.ok n bound i = true) : q.numerator.eval x / q.denominator.eval x = probability (nth x i) (sum x) := by
  have h1 := and_split (a := q.numerator.isOf n bound 1 32768 i) h
  have h2 := h1.2
  split at h2
  · rename_i c hc
    rw [← q.denominator.tidy_eval, Word.combination_eval hx hl q.denominator.tidy hc, Combination.isTotal_spec hl h2, Word.isOf_spec hx hl h1.1, Int.natCast_one, Int.one_mul,
      Int.add_comm, Int.mul_comm]
    rfl
  · cases h2

theorem quotientsOk_spec {bound n : Nat} {x : List Int} (hx : Within bound x) (hl : x.length = n) (qs : List Quotient) :
    ∀ {i : Nat} {rest : List Int}, From x i rest → quotientsOk n bound qs i = true →
      quotientsOf x qs = probabilitiesFrom (sum x) rest := by
  induction qs with
  | nil =>
    intro i rest hf h
    have e := quotientsOk_length [] h
    cases rest with
    | nil => rfl
    | cons z zs =>
      have h1 := hf.1
      have l : (z :: zs).length = zs.length + 1 := rfl
      have l0 : ([] : List Quotient).length = 0 := rfl
      omega
  | cons q qs ih =>
    intro i rest hf h
    have e := quotientsOk_length _ h
    have h1 := and_split (a := q.ok n bound i) h
    cases rest with
    | nil =>
      have h2 := hf.1
      have l : (q :: qs).length = qs.length + 1 := rfl
      have l0 : ([] : List Int).length = 0 := rfl
      omega
    | cons z zs =>
      have hn := hf.next
      show q.numerator.eval x / q.denominator.eval x :: quotientsOf x qs = probability z (sum x) :: probabilitiesFrom (sum x) zs
      rw [ih hn.2 h1.2, Quotient.ok_spec hx hl h1.1, hn.1]

end TinyVerify.ObjectCode
