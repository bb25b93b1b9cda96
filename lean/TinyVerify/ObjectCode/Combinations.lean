import TinyVerify.ObjectCode.Combination
/-!
# Linear combinations: their ranges, and what is left of them below a power of two

Main results: `Combination.below_spec`, `Combination.isTotal_spec`, `Combination.isOf_spec`.
-/
namespace TinyVerify.ObjectCode

def weighted : List Nat → List Int → Int
  | a :: as, z :: zs => (a : Int) * z + weighted as zs
  | _, _ => 0

def Combination.eval (x : List Int) (c : Combination) : Int :=
  ((c.half : Int) * (sum x / 2) + weighted c.factors x) + (c.const : Int)

/-- Each number lies in `[0, bound]`. -/
def Within (bound : Nat) (x : List Int) : Prop := ∀ z ∈ x, 0 ≤ z ∧ z ≤ (bound : Int)

/-! ### lists of factors -/

theorem weighted_nil (as : List Nat) : weighted as [] = 0 := by
  cases as <;> rfl

theorem weighted_unitAt (k : Nat) : ∀ (i : Nat) (x : List Int), weighted (unitAt k i) x = (k : Int) * nth x i := by
  intro i
  induction i with
  | zero =>
    intro x
    cases x with
    | nil => exact (Int.mul_zero _).symm
    | cons z zs => exact Int.add_zero _
  | succ i ih =>
    intro x
    cases x with
    | nil => exact (Int.mul_zero _).symm
    | cons z zs =>
      show ((0 : Nat) : Int) * z + weighted (unitAt k i) zs = (k : Int) * nth zs i
      rw [ih, Int.natCast_zero, Int.zero_mul, Int.zero_add]

theorem weighted_addAll (as : List Nat) : ∀ (bs : List Nat) (x : List Int),
    weighted (addAll as bs) x = weighted as x + weighted bs x := by
  induction as with
  | nil =>
    intro bs x
    cases bs <;> exact (Int.zero_add _).symm
  | cons a as ih =>
    intro bs x
    cases bs with
    | nil => exact (Int.add_zero _).symm
    | cons b bs =>
      cases x with
      | nil => rfl
      | cons z zs =>
        show ((a + b : Nat) : Int) * z + weighted (addAll as bs) zs =
          ((a : Int) * z + weighted as zs) + ((b : Int) * z + weighted bs zs)
        rw [ih, Int.natCast_add, Int.add_mul]
        omega

theorem weighted_times (m : Nat) (as : List Nat) : ∀ x : List Int,
    weighted (mapNat (fun b => Nat.mul b m) as) x = weighted as x * (m : Int) := by
  induction as with
  | nil => intro x; exact (Int.zero_mul _).symm
  | cons a as ih =>
    intro x
    cases x with
    | nil => exact (Int.zero_mul _).symm
    | cons z zs =>
      show ((a * m : Nat) : Int) * z + weighted (mapNat (fun b => Nat.mul b m) as) zs = ((a : Int) * z + weighted as zs) * (m : Int)
      rw [ih, Int.natCast_mul, Int.add_mul, Int.mul_assoc, Int.mul_assoc, Int.mul_comm (m : Int) z]

theorem weighted_split (p : Nat) (as : List Nat) : ∀ x : List Int, weighted as x =
    (p : Int) * weighted (mapNat (fun a => Nat.div a p) as) x + weighted (mapNat (fun a => Nat.mod a p) as) x := by
  induction as with
  | nil => intro x; show (0 : Int) = (p : Int) * 0 + 0; rw [Int.mul_zero]; rfl
  | cons a as ih =>
    intro x
    cases x with
    | nil => show (0 : Int) = (p : Int) * 0 + 0; rw [Int.mul_zero]; rfl
    | cons z zs =>
      show (a : Int) * z + weighted as zs = (p : Int) * (((a / p : Nat) : Int) * z + weighted (mapNat (fun a => Nat.div a p) as) zs) +
        (((a % p : Nat) : Int) * z + weighted (mapNat (fun a => Nat.mod a p) as) zs)
      have e : (a : Int) = (p : Int) * ((a / p : Nat) : Int) + ((a % p : Nat) : Int) := by
        have h := Nat.div_add_mod a p
        rw [← Int.natCast_mul, ← Int.natCast_add, h]
      rw [ih zs, Int.mul_add, ← Int.mul_assoc]
      generalize weighted (mapNat (fun a => Nat.div a p) as) zs = u
      generalize weighted (mapNat (fun a => Nat.mod a p) as) zs = v
      generalize (((a / p : Nat) : Int)) = q at e ⊢
      generalize (((a % p : Nat) : Int)) = r at e ⊢
      rw [e, Int.add_mul]
      omega

theorem weighted_range {bound : Nat} (as : List Nat) : ∀ {x : List Int}, Within bound x →
    0 ≤ weighted as x ∧ weighted as x ≤ ((bound * addUp as : Nat) : Int) := by
  induction as with
  | nil => intro x _; exact ⟨Int.le_refl 0, Int.natCast_nonneg _⟩
  | cons a as ih =>
    intro x hx
    cases x with
    | nil => exact ⟨Int.le_refl 0, Int.natCast_nonneg _⟩
    | cons z zs =>
      have hz := hx z (.head _)
      have h := ih (fun y hy => hx y (.tail _ hy))
      have l := Int.mul_nonneg (Int.natCast_nonneg a) hz.1
      have u := Int.mul_le_mul_of_nonneg_left hz.2 (Int.natCast_nonneg a)
      have e : ((bound * addUp (a :: as) : Nat) : Int) = (a : Int) * (bound : Int) + ((bound * addUp as : Nat) : Int) := by
        show ((bound * (a + addUp as) : Nat) : Int) = _
        rw [Nat.mul_add, Int.natCast_add, Int.natCast_mul bound a, Int.mul_comm]
      have s : weighted (a :: as) (z :: zs) = (a : Int) * z + weighted as zs := rfl
      rw [e, s]
      omega

theorem sum_range {bound : Nat} {x : List Int} (hx : Within bound x) :
    0 ≤ sum x ∧ sum x ≤ ((bound * x.length : Nat) : Int) := by
  induction x with
  | nil => exact ⟨Int.le_refl 0, Int.natCast_nonneg _⟩
  | cons z zs ih =>
    have hz := hx z (.head _)
    have h := ih (fun y hy => hx y (.tail _ hy))
    have e : ((bound * (z :: zs).length : Nat) : Int) = ((bound * zs.length : Nat) : Int) + (bound : Int) := by
      show ((bound * (zs.length + 1) : Nat) : Int) = _
      rw [Nat.mul_add, Nat.mul_one, Int.natCast_add]
    have s : sum (z :: zs) = z + sum zs := rfl
    rw [e, s]
    omega

theorem allOnes_spec (as : List Nat) : ∀ {n : Nat} {x : List Int}, x.length = n → allOnes n as = true →
    weighted as x = sum x := by
  induction as with
  | nil =>
    intro n x hl h
    cases n with
    | zero =>
      cases x with
      | nil => rfl
      | cons _ _ => cases hl
    | succ n => cases h
  | cons a as ih =>
    intro n x hl h
    cases n with
    | zero => cases h
    | succ n =>
      cases x with
      | nil => cases hl
      | cons z zs =>
        have h1 := and_split (a := Nat.beq a 1) h
        show (a : Int) * z + weighted as zs = z + sum zs
        rw [ih (Nat.succ.inj hl) h1.2, Nat.eq_of_beq_eq_true h1.1, Int.natCast_one, Int.one_mul]

theorem allZero_spec (as : List Nat) : ∀ {x : List Int}, allZero as = true → weighted as x = 0 := by
  induction as with
  | nil => intro x _; rfl
  | cons a as ih =>
    intro x h
    cases x with
    | nil => rfl
    | cons z zs =>
      have h1 := and_split (a := Nat.beq a 0) h
      show (a : Int) * z + weighted as zs = 0
      rw [ih h1.2, Nat.eq_of_beq_eq_true h1.1, Int.natCast_zero, Int.zero_mul]
      rfl

theorem isUnit_spec {k : Nat} (as : List Nat) : ∀ {i : Nat} {x : List Int}, isUnit k i as = true →
    weighted as x = (k : Int) * nth x i := by
  induction as with
  | nil => intro i x h; cases i <;> cases h
  | cons a as ih =>
    intro i x h
    cases x with
    | nil => exact (Int.mul_zero _).symm
    | cons z zs =>
      cases i with
      | zero =>
        have h1 := and_split (a := Nat.beq a k) h
        show (a : Int) * z + weighted as zs = (k : Int) * z
        rw [allZero_spec as h1.2, Nat.eq_of_beq_eq_true h1.1, Int.add_zero]
      | succ i =>
        have h1 := and_split (a := Nat.beq a 0) h
        show (a : Int) * z + weighted as zs = (k : Int) * nth zs i
        rw [ih h1.2, Nat.eq_of_beq_eq_true h1.1, Int.natCast_zero, Int.zero_mul, Int.zero_add]

/-! ### combinations -/

theorem Combination.split (p : Nat) (c : Combination) (x : List Int) :
    c.eval x = (p : Int) * (c.map fun a => Nat.div a p).eval x + (c.map fun a => Nat.mod a p).eval x := by
  show ((c.half : Int) * (sum x / 2) + weighted c.factors x) + (c.const : Int) =
    (p : Int) * ((((c.half / p : Nat) : Int) * (sum x / 2) + weighted (mapNat (fun a => Nat.div a p) c.factors) x) + ((c.const / p : Nat) : Int)) +
      ((((c.half % p : Nat) : Int) * (sum x / 2) + weighted (mapNat (fun a => Nat.mod a p) c.factors) x) + ((c.const % p : Nat) : Int))
  have e : ∀ a : Nat, (a : Int) = (p : Int) * ((a / p : Nat) : Int) + ((a % p : Nat) : Int) := by
    intro a
    have h := Nat.div_add_mod a p
    rw [← Int.natCast_mul, ← Int.natCast_add, h]
  have e1 := e c.half
  have e2 := e c.const
  rw [weighted_split p c.factors x, Int.mul_add, Int.mul_add, ← Int.mul_assoc]
  generalize weighted (mapNat (fun a => Nat.div a p) c.factors) x = u
  generalize weighted (mapNat (fun a => Nat.mod a p) c.factors) x = v
  generalize sum x / 2 = s
  generalize ((c.half / p : Nat) : Int) = q at e1 ⊢
  generalize ((c.half % p : Nat) : Int) = r at e1 ⊢
  rw [e1, e2, Int.add_mul]
  omega

theorem Combination.range {bound n : Nat} {x : List Int} (hx : Within bound x) (hl : x.length = n) (c : Combination) :
    0 ≤ c.eval x ∧ c.eval x ≤ ((c.reach n bound : Nat) : Int) := by
  have h1 := weighted_range c.factors hx
  have h2 := sum_range hx
  rw [hl] at h2
  have h3 : 0 ≤ sum x / 2 ∧ sum x / 2 ≤ ((bound * n : Nat) : Int) := by omega
  have l := Int.mul_nonneg (Int.natCast_nonneg c.half) h3.1
  have u := Int.mul_le_mul_of_nonneg_left h3.2 (Int.natCast_nonneg c.half)
  have e : ((c.reach n bound : Nat) : Int) =
      ((c.half : Int) * ((bound * n : Nat) : Int) + ((bound * addUp c.factors : Nat) : Int)) + (c.const : Int) := by
    show ((bound * (n * c.half + addUp c.factors) + c.const : Nat) : Int) = _
    rw [← Int.natCast_mul, ← Int.natCast_add, ← Int.natCast_add, Nat.mul_add, ← Nat.mul_assoc, Nat.mul_comm c.half]
  rw [e]
  show 0 ≤ ((c.half : Int) * (sum x / 2) + weighted c.factors x) + (c.const : Int) ∧
    ((c.half : Int) * (sum x / 2) + weighted c.factors x) + (c.const : Int) ≤ _
  omega

theorem Combination.below_spec {bound n k bits : Nat} {x : List Int} (hx : Within bound x) (hl : x.length = n)
    {c d : Combination} (h : c.below n bound k bits = some d) :
    c.eval x = ((2 ^ k : Nat) : Int) * (c.map fun a => Nat.div a (Nat.pow 2 k)).eval x + d.eval x ∧
      0 ≤ d.eval x ∧ d.eval x < ((2 ^ bits : Nat) : Int) := by
  unfold Combination.below at h
  split at h
  · rename_i hb
    have h1 : (c.map fun a => Nat.mod a (Nat.pow 2 k)).reach n bound + 1 ≤ 2 ^ bits := Nat.le_of_ble_eq_true hb
    rw [← Option.some.inj h]
    have h2 := Combination.range hx hl (c.map fun a => Nat.mod a (Nat.pow 2 k))
    exact ⟨c.split (2 ^ k) x, h2.1, by omega⟩
  · cases h

theorem Combination.isTotal_spec {n : Nat} {x : List Int} (hl : x.length = n) {c : Combination}
    (h : c.isTotal n = true) : c.eval x = sum x := by
  have h1 := and_split (a := Nat.beq c.half 0) h
  have h2 := and_split (a := Nat.beq c.const 0) h1.2
  show ((c.half : Int) * (sum x / 2) + weighted c.factors x) + (c.const : Int) = sum x
  rw [Nat.eq_of_beq_eq_true h1.1, Nat.eq_of_beq_eq_true h2.1, allOnes_spec _ hl h2.2, Int.natCast_zero, Int.zero_mul]
  omega

theorem Combination.isOf_spec {half factor i : Nat} {x : List Int} {c : Combination} (h : c.isOf half factor i = true) :
    c.eval x = (half : Int) * (sum x / 2) + (factor : Int) * nth x i := by
  have h1 := and_split (a := Nat.beq c.half half) h
  have h2 := and_split (a := Nat.beq c.const 0) h1.2
  show ((c.half : Int) * (sum x / 2) + weighted c.factors x) + (c.const : Int) = _
  rw [Nat.eq_of_beq_eq_true h1.1, Nat.eq_of_beq_eq_true h2.1, isUnit_spec _ h2.2, Int.natCast_zero, Int.add_zero]

end TinyVerify.ObjectCode
