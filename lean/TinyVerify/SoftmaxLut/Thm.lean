import TinyVerify.SoftmaxLut.Spec
import TinyVerify.Basic.Lists
import TinyVerify.Packed.Thm
import TinyVerify.Requantize.Thm
/-!
# Theorems about softmax_lut

Main results: `indexInRange_of_ok`, `tableMonotone_of_ok`, `weight_mono` (a larger accumulator never
gets a smaller weight), `weight_top` (the largest gets 127), `probabilities_sum` (they sum to one
within half a unit an action), `probability_mono`.
-/
namespace TinyVerify

theorem Softmax.scaleOk_spec {h : Softmax} (hs : h.scaleOk = true) :
    1073741824 ≤ h.multiplier ∧ h.multiplier < 2147483648 ∧ h.shift ≤ 31 := by
  have h1 := and_split hs
  have h2 := and_split h1.2
  exact ⟨of_decide_eq_true h1.1, of_decide_eq_true h2.1, Nat.le_of_ble_eq_true h2.2⟩

theorem Softmax.valid_of_ok {h : Softmax} (hs : h.scaleOk = true) : h.params.Valid := by
  have h1 := scaleOk_spec hs
  exact ⟨⟨h1.1, h1.2.1⟩, h1.2.2, ⟨Int.le_refl _, show (-128 : Int) ≤ 127 by decide⟩,
    ⟨Int.le_refl _, show (-128 : Int) ≤ 127 by decide, Int.le_refl _⟩⟩

theorem Softmax.indexInRange (h : Softmax) : h.IndexInRange := by
  intro d
  have hr := requantize_range h.mode d h.params (show (-128 : Int) ≤ 127 by decide)
  have e1 : h.params.lo = -128 := rfl
  have e2 : h.params.hi = 127 := rfl
  unfold Softmax.code
  omega

/-! ### the table -/

theorem descendingFrom_spec {previous : Int} {table : List Int} (h : descendingFrom previous table = true)
    (hp : 0 ≤ previous) : (∀ i, 0 ≤ nth table i) ∧ (∀ i, nth table i ≤ previous) ∧
      (∀ i j, i ≤ j → nth table j ≤ nth table i) := by
  induction table generalizing previous with
  | nil => exact ⟨fun _ => Int.le_refl 0, fun _ => hp, fun _ _ _ => Int.le_refl 0⟩
  | cons z zs ih =>
    have h1 := and_split (a := decide (z ≤ previous)) (b := decide (0 ≤ z) && descendingFrom z zs) h
    have h2 := and_split h1.2
    have hz : z ≤ previous := of_decide_eq_true h1.1
    have hn : 0 ≤ z := of_decide_eq_true h2.1
    have h3 := ih h2.2 hn
    refine ⟨?_, ?_, ?_⟩
    · intro i
      cases i with
      | zero => exact hn
      | succ i => exact h3.1 i
    · intro i
      cases i with
      | zero => exact hz
      | succ i => exact Int.le_trans (h3.2.1 i) hz
    · intro i j hij
      cases i with
      | zero =>
        cases j with
        | zero => exact Int.le_refl _
        | succ j => exact h3.2.1 j
      | succ i =>
        cases j with
        | zero => omega
        | succ j => exact h3.2.2 i j (by omega)

theorem Softmax.tableMonotone_of_ok (h : Softmax) (ht : h.tableOk = true) : TableMonotone h.table := by
  have h1 := and_split ht
  have h2 := descendingFrom_spec h1.2 (by decide)
  exact ⟨length_unpack 256 h.exp, of_decide_eq_true h1.1, fun i j hij _ => h2.2.2 i j hij, h2.1⟩

/-! ### weights -/

theorem rescale_zero (mode : Rounding) (m : Int) (shift : Nat) : rescale mode 0 m shift = 0 := by
  have hp := two_pow_pos shift
  have hh : highMul 0 m = 0 := by
    unfold highMul
    rw [Int.zero_mul]
    decide
  have hn := half_nonneg shift
  have hz : shiftTiesUp 0 shift = 0 := by
    cases shift with
    | zero => exact shiftTiesUp_zero 0
    | succ s =>
      have h2 := two_mul_half (k := s + 1) (by omega)
      exact ediv_unique (two_pow_pos (s + 1)) (by omega) (by omega)
  cases mode with
  | doubleTiesUp => unfold rescale; simp only; rw [hh, hz]
  | doubleTiesAway =>
    unfold rescale shiftTiesAway
    simp only
    rw [hh, if_pos (Int.le_refl 0)]
    exact hz
  | singleTiesUp =>
    have hu := half_unit_eq shift
    have hpos := two_pow_pos (30 + shift)
    have e : unit shift = ((2 ^ (31 + shift) : Nat) : Int) := rfl
    unfold rescale
    simp only
    rw [Int.zero_mul]
    exact ediv_unique (two_pow_pos (31 + shift)) (by omega) (by omega)

/-- The largest accumulator gets the table's first entry, 127. -/
theorem Softmax.weight_top (h : Softmax) (ht : TableMonotone h.table) (top : Int) : h.weight top top = 127 := by
  have e : h.code (top - top) = -128 := by
    unfold Softmax.code requantize
    rw [Int.sub_self, rescale_zero]
    rfl
  unfold Softmax.weight
  rw [e]
  exact ht.first

theorem Softmax.weight_nonneg (h : Softmax) (ht : TableMonotone h.table) (top acc : Int) : 0 ≤ h.weight top acc :=
  ht.nonneg _

theorem Softmax.weight_le (h : Softmax) (ht : TableMonotone h.table) (top acc : Int) : h.weight top acc ≤ 127 := by
  have hi := h.indexInRange (top - acc)
  have h1 := ht.notIncreasing 0 (Int.toNat (h.code (top - acc) + 128)) (Nat.zero_le _) (by omega)
  rw [ht.first] at h1
  exact h1

/-- A larger accumulator never gets a smaller weight. -/
theorem Softmax.weight_mono (h : Softmax) (ht : TableMonotone h.table) (hm : 0 ≤ h.multiplier) (top : Int)
    {a b : Int} (hab : a ≤ b) : h.weight top a ≤ h.weight top b := by
  have hi := h.indexInRange (top - a)
  have h1 : h.code (top - b) ≤ h.code (top - a) := requantize_mono h.mode h.params hm (by omega)
  exact ht.notIncreasing _ _ (by omega) (by omega)

theorem le_maximum : ∀ (accs : List Int), ∀ a ∈ accs, a ≤ maximum accs := by
  intro accs
  induction accs with
  | nil => intro a ha; cases ha
  | cons z zs ih =>
    cases zs with
    | nil => intro a ha; cases ha with | head => exact Int.le_refl z | tail _ h => cases h
    | cons y ys =>
      intro a ha
      have e : maximum (z :: y :: ys) = max z (maximum (y :: ys)) := rfl
      cases ha with
      | head => omega
      | tail _ h => have := ih a h; omega

theorem maximum_mem (z : Int) (zs : List Int) : maximum (z :: zs) ∈ z :: zs := by
  induction zs generalizing z with
  | nil => exact .head _
  | cons y ys ih =>
    have e : maximum (z :: y :: ys) = max z (maximum (y :: ys)) := rfl
    by_cases h : z ≤ maximum (y :: ys)
    · have e2 : maximum (z :: y :: ys) = maximum (y :: ys) := by omega
      rw [e2]
      exact .tail _ (ih y)
    · have e2 : maximum (z :: y :: ys) = z := by omega
      rw [e2]
      exact .head _

theorem weightsFrom_bounds (h : Softmax) (ht : TableMonotone h.table) (top : Int) (accs : List Int) :
    0 ≤ sum (h.weightsFrom top accs) ∧ sum (h.weightsFrom top accs) ≤ 127 * (accs.length : Int) ∧
    (∀ e ∈ h.weightsFrom top accs, 0 ≤ e) ∧ (top ∈ accs → 127 ≤ sum (h.weightsFrom top accs)) := by
  induction accs with
  | nil =>
    refine ⟨Int.le_refl 0, Int.le_refl 0, ?_, ?_⟩
    · intro e he; cases he
    · intro hm; cases hm
  | cons a as ih =>
    have h0 := h.weight_nonneg ht top a
    have h1 := h.weight_le ht top a
    have e : sum (h.weightsFrom top (a :: as)) = h.weight top a + sum (h.weightsFrom top as) := rfl
    have e2 : (a :: as).length = as.length + 1 := rfl
    refine ⟨by omega, by omega, ?_, ?_⟩
    · intro w hw
      cases hw with
      | head => exact h0
      | tail _ hm => exact ih.2.2.1 w hm
    · intro hm
      cases hm with
      | head => have := h.weight_top ht top; omega
      | tail _ hm' => have := ih.2.2.2 hm'; omega

/-- The sum of the weights of at least one action lies between 127 and 127 an action: never zero. -/
theorem Softmax.total_bounds (h : Softmax) (ht : TableMonotone h.table) (z : Int) (zs : List Int) :
    127 ≤ sum (h.weights (z :: zs)) ∧ sum (h.weights (z :: zs)) ≤ 127 * ((z :: zs).length : Int) :=
  have b := weightsFrom_bounds h ht (maximum (z :: zs)) (z :: zs)
  ⟨b.2.2.2 (maximum_mem z zs), b.2.1⟩

/-! ### probabilities -/

theorem probability_mono {a b total : Int} (ht : 0 < total) (h : a ≤ b) : probability a total ≤ probability b total :=
  ediv_mono ht (by omega)

/-- `-1/2 < p - 2^15 e / total ≤ 1/2`, in units of `1 / total`. -/
theorem probability_error (e : Int) {total : Int} (ht : 0 < total) :
    -total ≤ 2 * (total * probability e total - e * 32768) ∧
    2 * (total * probability e total - e * 32768) ≤ total := by
  have hne : total ≠ 0 := by omega
  have b1 := Int.mul_ediv_self_le (x := e * 32768 + total / 2) hne
  have b2 := Int.lt_mul_ediv_self_add (x := e * 32768 + total / 2) ht
  unfold probability
  omega

theorem probability_range {e total : Int} (ht : 0 < total) (h0 : 0 ≤ e) (h1 : e ≤ total) :
    0 ≤ probability e total ∧ probability e total ≤ 32768 := by
  have m0 := probability_mono ht h0
  have m1 := probability_mono ht h1
  have e0 : probability 0 total = 0 := by
    unfold probability
    exact ediv_unique ht (by omega) (by omega)
  have e1 : probability total total = 32768 := by
    unfold probability
    exact ediv_unique ht (by omega) (by omega)
  omega

theorem probabilitiesFrom_sum (weights : List Int) {total : Int} (ht : 0 < total) :
    -(total * (weights.length : Int)) ≤ 2 * (total * sum (probabilitiesFrom total weights) - sum weights * 32768) ∧
    2 * (total * sum (probabilitiesFrom total weights) - sum weights * 32768) ≤ total * (weights.length : Int) := by
  induction weights with
  | nil =>
    have e1 : sum (probabilitiesFrom total []) = 0 := rfl
    have e2 : sum [] = 0 := rfl
    have e3 : ((([] : List Int).length : Nat) : Int) = 0 := rfl
    rw [e1, e2, e3, Int.mul_zero]
    omega
  | cons e es ih =>
    have h := probability_error e ht
    have e1 : sum (probabilitiesFrom total (e :: es)) = probability e total + sum (probabilitiesFrom total es) := rfl
    have e2 : sum (e :: es) = e + sum es := rfl
    have e3 : (((e :: es).length : Nat) : Int) = (es.length : Int) + 1 := rfl
    rw [e1, e2, e3, Int.mul_add, Int.mul_add, Int.mul_one]
    omega

/-- The probabilities sum to `2^15` within half a unit for each action. -/
theorem probabilities_sum (weights : List Int) (ht : 0 < sum weights) :
    -(weights.length : Int) ≤ 2 * (sum (probabilities weights) - 32768) ∧
    2 * (sum (probabilities weights) - 32768) ≤ (weights.length : Int) := by
  have h := probabilitiesFrom_sum weights ht
  have e : probabilities weights = probabilitiesFrom (sum weights) weights := rfl
  rw [e]
  generalize hs : sum (probabilitiesFrom (sum weights) weights) = s at h ⊢
  generalize hn : (weights.length : Int) = n at h ⊢
  generalize ht' : sum weights = t at h ht
  have h1 : t * (-n) ≤ t * (2 * (s - 32768)) := by
    have e1 : t * (2 * (s - 32768)) = 2 * (t * s - t * 32768) := by
      rw [Int.mul_left_comm, Int.mul_sub]
    rw [e1, Int.mul_neg]
    omega
  have h2 : t * (2 * (s - 32768)) ≤ t * n := by
    have e1 : t * (2 * (s - 32768)) = 2 * (t * s - t * 32768) := by
      rw [Int.mul_left_comm, Int.mul_sub]
    rw [e1]
    omega
  refine ⟨?_, ?_⟩
  · rcases Int.lt_or_le (2 * (s - 32768)) (-n) with hl | hg
    · have h3 := Int.mul_le_mul_of_nonneg_left (show 2 * (s - 32768) + 1 ≤ -n from hl) (Int.le_of_lt ht)
      rw [Int.mul_add, Int.mul_one] at h3
      omega
    · exact hg
  · rcases Int.lt_or_le n (2 * (s - 32768)) with hl | hg
    · have h3 := Int.mul_le_mul_of_nonneg_left (show n + 1 ≤ 2 * (s - 32768) from hl) (Int.le_of_lt ht)
      rw [Int.mul_add, Int.mul_one] at h3
      omega
    · exact hg

end TinyVerify
