import TinyVerify.DenseS8.Spec
/-!
# Theorems about dense_s8

Main results: `safe_of_bound` (no partial sum overflows, in any order), `machine_eq_value` (then the
machine computes the integer sum), `accumulateMachine_eq`, `laneWise_eq`, `accumulate_padding`.
-/
namespace TinyVerify

theorem SumTree.value_eq (t : SumTree) : t.value = sum t.terms := by
  induction t with
  | term z => exact (Int.add_zero z).symm
  | add l r ihl ihr =>
    have e1 : (SumTree.add l r).value = l.value + r.value := rfl
    have e2 : (SumTree.add l r).terms = append l.terms r.terms := rfl
    rw [e1, e2, sum_append, ihl, ihr]

/-- If the absolute values of all summands together fit, then so does every partial sum. -/
theorem SumTree.safe_of_absSum (t : SumTree) (h : absSum t.terms ≤ 2147483647) : t.Safe := by
  induction t with
  | term z =>
    have e : absSum (SumTree.term z).terms = z.natAbs + 0 := rfl
    show Int32 z
    exact ⟨by omega, by omega⟩
  | add l r ihl ihr =>
    have e1 : (SumTree.add l r).terms = append l.terms r.terms := rfl
    rw [e1, absSum_append] at h
    have hl := l.value_eq
    have hr := r.value_eq
    have bl := natAbs_sum_le l.terms
    have br := natAbs_sum_le r.terms
    refine ⟨⟨?_, ?_⟩, ihl (by omega), ihr (by omega)⟩
    · omega
    · omega

/-- Where no partial sum overflows, wrapping changes nothing. -/
theorem SumTree.machine_eq_value (t : SumTree) (h : t.Safe) : t.machine = t.value := by
  induction t with
  | term z => exact wrap32_eq h
  | add l r ihl ihr =>
    show wrap32 (l.machine + r.machine) = l.value + r.value
    rw [ihl h.2.1, ihr h.2.2]
    exact wrap32_eq h.1

/-- Products of int8 inputs: `sum |w x| ≤ 128 sum |w|`. -/
theorem absSum_products_le (weights x : List Int) (hx : ∀ z ∈ x, Int8 z) :
    absSum (products weights x) ≤ 128 * absSum weights := by
  induction weights generalizing x with
  | nil => cases x <;> exact Nat.zero_le _
  | cons w ws ih =>
    cases x with
    | nil => exact Nat.zero_le _
    | cons z zs =>
      have h1 := ih zs (fun y hy => hx y (.tail _ hy))
      have h2 := hx z (.head _)
      have h3 : Int.natAbs (w * z) ≤ w.natAbs * 128 := by
        rw [Int.natAbs_mul]
        exact Nat.mul_le_mul Nat.le.refl (by omega)
      have e1 : absSum (products (w :: ws) (z :: zs)) = (w * z).natAbs + absSum (products ws zs) := rfl
      have e2 : absSum (w :: ws) = w.natAbs + absSum ws := rfl
      omega

theorem absSum_terms_le (bias : Int) (weights x : List Int) (hx : ∀ z ∈ x, Int8 z) :
    absSum (terms bias weights x) ≤ 128 * absSum weights + bias.natAbs := by
  have h := absSum_products_le weights x hx
  have e : absSum (terms bias weights x) = bias.natAbs + absSum (products weights x) := rfl
  omega

/-- No overflow: if `128 * sum |w| + |bias|` fits int32, then for every int8 input, in whatever order
and grouping the bias and the products are added, every partial sum is an int32, and the machine's
result is the integer one. -/
theorem safe_of_bound {bias : Int} {weights x : List Int} (hx : ∀ z ∈ x, Int8 z)
    (bound : 128 * absSum weights + bias.natAbs ≤ 2147483647) (t : SumTree)
    (ht : Perm t.terms (terms bias weights x)) :
    t.Safe ∧ t.machine = accumulate bias weights x := by
  have h1 := absSum_terms_le bias weights x hx
  have h2 := absSum_perm ht
  have hs := t.safe_of_absSum (by omega)
  refine ⟨hs, ?_⟩
  rw [t.machine_eq_value hs, t.value_eq, sum_perm ht]
  rfl

/-! ### the orders in use -/

theorem registerSum_eq (acc : Int) (zs : List Int) (h : acc.natAbs + absSum zs ≤ 2147483647) :
    registerSum acc zs = acc + sum zs := by
  induction zs generalizing acc with
  | nil => exact (Int.add_zero acc).symm
  | cons z zs ih =>
    have e1 : absSum (z :: zs) = z.natAbs + absSum zs := rfl
    have e2 : sum (z :: zs) = z + sum zs := rfl
    have e3 : registerSum acc (z :: zs) = registerSum (wrap32 (acc + z)) zs := rfl
    have e4 : wrap32 (acc + z) = acc + z := wrap32_eq ⟨by omega, by omega⟩
    rw [e3, e4, ih (acc + z) (by omega)]
    omega

theorem laneWise_sum (acc : Int) (lanes : List (List Int)) (h : acc.natAbs + absSum (laneTerms lanes) ≤ 2147483647) :
    laneWise acc lanes = acc + sum (laneTerms lanes) := by
  induction lanes generalizing acc with
  | nil => exact (Int.add_zero acc).symm
  | cons lane lanes ih =>
    have e1 : laneTerms (lane :: lanes) = append lane (laneTerms lanes) := rfl
    have e2 : laneWise acc (lane :: lanes) = laneWise (wrap32 (acc + registerSum 0 lane)) lanes := rfl
    rw [e1, absSum_append] at h
    have e3 := registerSum_eq 0 lane (by have : Int.natAbs 0 = 0 := rfl; omega)
    have b := natAbs_sum_le lane
    have e4 : wrap32 (acc + registerSum 0 lane) = acc + sum lane := by
      rw [e3, Int.zero_add]
      exact wrap32_eq ⟨by omega, by omega⟩
    rw [e1, e2, e4, sum_append, ih (acc + sum lane) (by omega)]
    omega

/-- MVE's order: however the products are dealt to lanes, the sum is the same. -/
theorem laneWise_eq {bias : Int} {weights x : List Int} (hx : ∀ z ∈ x, Int8 z)
    (bound : 128 * absSum weights + bias.natAbs ≤ 2147483647) (lanes : List (List Int))
    (hl : Perm (laneTerms lanes) (products weights x)) :
    laneWise bias lanes = accumulate bias weights x := by
  have h1 := absSum_products_le weights x hx
  have h2 := absSum_perm hl
  rw [laneWise_sum bias lanes (by omega), sum_perm hl]
  rfl

theorem accumulateMachine_registerSum (acc : Int) (weights x : List Int) :
    accumulateMachine acc weights x = registerSum acc (products weights x) := by
  induction weights generalizing acc x with
  | nil => cases x <;> rfl
  | cons w ws ih =>
    cases x with
    | nil => rfl
    | cons z zs => exact ih (wrap32 (acc + w * z)) zs

/-- The scalar loop in 32-bit registers computes the integer sum. -/
theorem accumulateMachine_eq {bias : Int} {weights x : List Int} (hx : ∀ z ∈ x, Int8 z)
    (bound : 128 * absSum weights + bias.natAbs ≤ 2147483647) :
    accumulateMachine bias weights x = accumulate bias weights x := by
  have h := absSum_products_le weights x hx
  rw [accumulateMachine_registerSum, registerSum_eq bias _ (by omega)]
  rfl

/-- The accumulator is an int32. -/
theorem accumulate_int32 {bias : Int} {weights x : List Int} (hx : ∀ z ∈ x, Int8 z)
    (bound : 128 * absSum weights + bias.natAbs ≤ 2147483647) : Int32 (accumulate bias weights x) := by
  have h1 := absSum_products_le weights x hx
  have h2 := natAbs_sum_le (products weights x)
  unfold accumulate
  exact ⟨by omega, by omega⟩

/-! ### padding -/

theorem sum_products_zeros (n : Nat) (x : List Int) : sum (products (zeros n) x) = 0 := by
  induction n generalizing x with
  | zero => cases x <;> rfl
  | succ n ih =>
    cases x with
    | nil => rfl
    | cons z zs =>
      have e : sum (products (zeros (n + 1)) (z :: zs)) = 0 * z + sum (products (zeros n) zs) := rfl
      rw [e, ih, Int.zero_mul]
      rfl

/-- Zero weights behind a row change nothing, whatever the padded inputs hold. -/
theorem accumulate_padding (bias : Int) (weights x padding : List Int) (n : Nat)
    (hlen : weights.length = x.length) :
    accumulate bias (append weights (zeros n)) (append x padding) = accumulate bias weights x := by
  have key : sum (products (append weights (zeros n)) (append x padding)) = sum (products weights x) := by
    induction weights generalizing x with
    | nil =>
      cases x with
      | nil => exact sum_products_zeros n padding
      | cons _ _ => contradiction
    | cons w ws ih =>
      cases x with
      | nil => contradiction
      | cons z zs => exact congrArg (w * z + ·) (ih zs (by have h : ws.length + 1 = zs.length + 1 := hlen; omega))
  unfold accumulate
  rw [key]

/-- The product of two int8 is an int16. -/
theorem product_int16 {w x : Int} (hw : Int8 w) (hx : Int8 x) : Int16 (w * x) := by
  have h : (w * x).natAbs ≤ 128 * 128 := by
    rw [Int.natAbs_mul]
    exact Nat.mul_le_mul (by omega) (by omega)
  omega

end TinyVerify
