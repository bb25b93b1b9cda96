import TinyVerify.ObjectCode.Check
import TinyVerify.Policy.Thm
/-!
# What shifts, clamps and the checker's quick operations on integers mean
-/
namespace TinyVerify.ObjectCode

theorem nth_hold {P : Int → Prop} (h0 : P 0) {x : List Int} (h : ∀ z ∈ x, P z) (i : Nat) : P (nth x i) := by
  induction x generalizing i with
  | nil => exact h0
  | cons z zs ih =>
    cases i with
    | zero => exact h z (.head _)
    | succ i => exact ih (fun y hy => h y (.tail _ hy)) i

/-! ### arithmetic -/

theorem asr_asr (z : Int) (m n : Nat) : asr (asr z m) n = asr z (m + n) := by
  have h1 := asr_le (asr z m) n
  have h2 := lt_asr_add (asr z m) n
  have h3 := asr_le z m
  have h4 := lt_asr_add z m
  have p1 := two_pow_pos m
  have e : ((2 ^ (m + n) : Nat) : Int) = ((2 ^ m : Nat) : Int) * ((2 ^ n : Nat) : Int) := by
    rw [Nat.pow_add]; exact Int.natCast_mul _ _
  symm
  show z / ((2 ^ (m + n) : Nat) : Int) = _
  apply ediv_unique (two_pow_pos _)
  · rw [e, Int.mul_assoc]
    exact Int.le_trans (Int.mul_le_mul_of_nonneg_left h1 (Int.le_of_lt p1)) h3
  · rw [e, Int.mul_assoc]
    have h5 : asr z m + 1 ≤ ((2 ^ n : Nat) : Int) * asr (asr z m) n + ((2 ^ n : Nat) : Int) := h2
    have h6 := Int.mul_le_mul_of_nonneg_left h5 (Int.le_of_lt p1)
    rw [Int.mul_add, Int.mul_one, Int.mul_add] at h6
    omega

theorem asr_add_mul (z q : Int) (n : Nat) : asr (z + q * ((2 ^ n : Nat) : Int)) n = asr z n + q := by
  have h1 := asr_le z n
  have h2 := lt_asr_add z n
  show (z + q * ((2 ^ n : Nat) : Int)) / ((2 ^ n : Nat) : Int) = _
  apply ediv_unique (two_pow_pos _)
  · rw [Int.mul_add, Int.mul_comm q]; omega
  · rw [Int.mul_add, Int.mul_comm q]; omega

theorem asr_zero (z : Int) : asr z 0 = z := by
  show z / ((2 ^ 0 : Nat) : Int) = z
  have e : ((2 ^ 0 : Nat) : Int) = 1 := rfl
  rw [e]
  omega

theorem clamp_add (z lo hi k : Int) : clamp (z + k) (lo + k) (hi + k) = clamp z lo hi + k := by
  unfold clamp
  omega

theorem clamp_clamp {z lo hi l h : Int} (h1 : lo ≤ hi) (h2 : l ≤ h) :
    clamp (clamp z lo hi) l h = clamp z (clamp lo l h) (clamp hi l h) := by
  unfold clamp
  omega

/-- A monotone function may be applied to the ends of a clamp. -/
theorem clamp_map {f : Int → Int} (hf : ∀ a b, a ≤ b → f a ≤ f b) {z lo hi : Int} (h : lo ≤ hi) :
    f (clamp z lo hi) = clamp (f z) (f lo) (f hi) := by
  have h0 := hf lo hi h
  rcases Int.le_total z lo with h1 | h1
  · have e : clamp z lo hi = lo := by unfold clamp; omega
    have h2 := hf z lo h1
    rw [e]; unfold clamp; omega
  · rcases Int.le_total z hi with h2 | h2
    · have e : clamp z lo hi = z := clamp_eq h1 h2
      have h3 := hf lo z h1
      have h4 := hf z hi h2
      rw [e]; unfold clamp; omega
    · have e : clamp z lo hi = hi := by unfold clamp; omega
      have h3 := hf hi z h2
      rw [e]; unfold clamp; omega

/-- What `asr z n = q` says of the remainder. -/
theorem emod_of_asr {z q : Int} {n : Nat} (h : asr z n = q) :
    z % ((2 ^ n : Nat) : Int) = z - q * ((2 ^ n : Nat) : Int) := by
  have h1 := Int.mul_ediv_add_emod z ((2 ^ n : Nat) : Int)
  have h2 : z / ((2 ^ n : Nat) : Int) = q := h
  rw [h2, Int.mul_comm] at h1
  omega

theorem asr_between {a b z q : Int} {n : Nat} (h1 : asr a n = q) (h2 : asr b n = q) (ha : a ≤ z) (hb : z ≤ b) :
    asr z n = q := by
  have h3 := asr_mono n ha
  have h4 := asr_mono n hb
  omega

/-! ### the quick operations on integers -/

theorem negSucc_eq (n : Nat) : Int.negSucc n = -(n : Int) - 1 := by
  cases n with
  | zero => rfl
  | succ n => rfl

theorem shr_eq (z : Int) (k : Nat) : shr z k = asr z k := by
  have hp : 0 < 2 ^ k := Nat.pow_pos (Nat.le.step Nat.le.refl)
  cases z with
  | ofNat n => rfl
  | negSucc n =>
    have d1 := Nat.div_add_mod n (2 ^ k)
    have d2 := Nat.mod_lt n hp
    have e : Int.negSucc n = -((n : Nat) : Int) - 1 := negSucc_eq n
    have e2 : Int.negSucc (n / 2 ^ k) = -((n / 2 ^ k : Nat) : Int) - 1 := negSucc_eq _
    show Int.negSucc (n / 2 ^ k) = Int.negSucc n / ((2 ^ k : Nat) : Int)
    symm
    apply ediv_unique (two_pow_pos k)
    · rw [e, e2, Int.mul_sub, Int.mul_neg, Int.mul_one, ← Int.natCast_mul]
      omega
    · rw [e, e2, Int.mul_sub, Int.mul_neg, Int.mul_one, ← Int.natCast_mul]
      omega

theorem leInt_spec {a b : Int} (h : leInt a b = true) : a ≤ b := by
  cases a with
  | ofNat m =>
    cases b with
    | ofNat n => exact Int.ofNat_le.mpr (Nat.le_of_ble_eq_true h)
    | negSucc n => cases h
  | negSucc m =>
    cases b with
    | ofNat n =>
      have e : Int.negSucc m = -((m : Nat) : Int) - 1 := negSucc_eq m
      rw [e]
      show -((m : Nat) : Int) - 1 ≤ (n : Int)
      omega
    | negSucc n =>
      have e : Int.negSucc m = -((m : Nat) : Int) - 1 := negSucc_eq m
      have e2 : Int.negSucc n = -((n : Nat) : Int) - 1 := negSucc_eq n
      have h1 : n ≤ m := Nat.le_of_ble_eq_true h
      rw [e, e2]
      omega

theorem leInt_false {a b : Int} (h : leInt a b = false) : b ≤ a := by
  cases a with
  | ofNat m =>
    cases b with
    | ofNat n =>
      have h1 : Nat.ble m n = false := h
      have h2 : ¬ m ≤ n := fun h3 => by rw [Nat.ble_eq_true_of_le h3] at h1; cases h1
      exact Int.ofNat_le.mpr (by omega)
    | negSucc n =>
      have e : Int.negSucc n = -((n : Nat) : Int) - 1 := negSucc_eq n
      rw [e]
      show -((n : Nat) : Int) - 1 ≤ (m : Int)
      omega
  | negSucc m =>
    cases b with
    | ofNat n => cases h
    | negSucc n =>
      have e : Int.negSucc m = -((m : Nat) : Int) - 1 := negSucc_eq m
      have e2 : Int.negSucc n = -((n : Nat) : Int) - 1 := negSucc_eq n
      have h1 : Nat.ble n m = false := h
      have h2 : ¬ n ≤ m := fun h3 => by rw [Nat.ble_eq_true_of_le h3] at h1; cases h1
      rw [e, e2]
      omega

theorem eqInt_spec {a b : Int} (h : eqInt a b = true) : a = b := by
  cases a with
  | ofNat m =>
    cases b with
    | ofNat n => rw [Nat.eq_of_beq_eq_true (show Nat.beq m n = true from h)]
    | negSucc n => cases h
  | negSucc m =>
    cases b with
    | ofNat n => cases h
    | negSucc n => rw [Nat.eq_of_beq_eq_true (show Nat.beq m n = true from h)]

end TinyVerify.ObjectCode
