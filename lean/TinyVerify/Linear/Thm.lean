import TinyVerify.Linear.Spec
import TinyVerify.Bounds.Thm
/-!
# Linear bounds hold on the whole box

Main results: `upper_of_ok`, `lower_of_ok` (a checked line bounds requantize), `lowerBound_le`
(a combination of hidden values), `Network.linearAction_of_ok`.
-/
namespace TinyVerify

/-! ### lines -/

/-- A linear inequality at both ends of an interval holds inside. -/
theorem line_between {a b lo hi z : Int} (h1 : lo ≤ z) (h2 : z ≤ hi) (hlo : 0 ≤ a * lo + b) (hhi : 0 ≤ a * hi + b) :
    0 ≤ a * z + b := by
  by_cases ha : 0 ≤ a
  · have := Int.mul_le_mul_of_nonneg_left h1 ha
    omega
  · have := Int.mul_le_mul_of_nonneg_left h2 (c := -a) (by omega)
    rw [Int.neg_mul, Int.neg_mul] at this
    omega

/-- `a * z ≤ b * z` for `0 < z` lets `z` go. -/
theorem le_of_mul_le {a b z : Int} (hz : 0 < z) (h : z * a ≤ z * b) : a ≤ b := by
  rcases Int.lt_or_le b a with hl | hg
  · have h1 := Int.mul_le_mul_of_nonneg_left (show b + 1 ≤ a from hl) (Int.le_of_lt hz)
    rw [Int.mul_add, Int.mul_one] at h1
    omega
  · exact hg

theorem unit_pos (shift : Nat) : 2147483648 ≤ unit shift := by
  have h := two_pow_pos shift
  rw [unit_eq]
  omega

/-- The rounded value lies between the two real lines. -/
theorem rescale_between (mode : Rounding) (acc : Int) (p : RequantizeParams) :
    lowerReal p acc ≤ 2 * unit p.shift * (rescale mode acc p.multiplier p.shift + p.zeroPoint) ∧
    2 * unit p.shift * (rescale mode acc p.multiplier p.shift + p.zeroPoint) ≤ upperReal p acc := by
  have h := twiceError_le mode acc p.multiplier p.shift
  unfold twiceError at h
  unfold lowerReal upperReal
  rw [Int.mul_assoc, Int.mul_add]
  omega

theorem upperReal_linear (p : RequantizeParams) (acc : Int) :
    upperReal p acc = 2 * p.multiplier * acc + (2 * (unit p.shift * p.zeroPoint) + (unit p.shift + 2147483648)) := by
  unfold upperReal
  rw [Int.mul_assoc, Int.mul_comm p.multiplier acc]
  omega

theorem lowerReal_linear (p : RequantizeParams) (acc : Int) :
    lowerReal p acc = 2 * p.multiplier * acc + (2 * (unit p.shift * p.zeroPoint) - (unit p.shift + 2147483648)) := by
  unfold lowerReal
  rw [Int.mul_assoc, Int.mul_comm p.multiplier acc]
  omega

/-- A line above both pieces at both ends is above them inside. -/
theorem aboveAt_between {grid : Int} {p : RequantizeParams} {i : Interval} {l : Line} {acc : Int}
    (h1 : aboveAt grid p l i.lo = true) (h2 : aboveAt grid p l i.hi = true) (ha : i.Holds acc) :
    grid * p.lo ≤ l.at acc ∧ grid * upperReal p acc ≤ 2 * unit p.shift * l.at acc := by
  have a1 : grid * p.lo ≤ l.at i.lo := of_decide_eq_true (and_split h1).1
  have a2 : grid * upperReal p i.lo ≤ 2 * unit p.shift * l.at i.lo := of_decide_eq_true (and_split h1).2
  have b1 : grid * p.lo ≤ l.at i.hi := of_decide_eq_true (and_split h2).1
  have b2 : grid * upperReal p i.hi ≤ 2 * unit p.shift * l.at i.hi := of_decide_eq_true (and_split h2).2
  unfold Line.at at a1 a2 b1 b2 ⊢
  rw [upperReal_linear] at a2 b2 ⊢
  refine ⟨?_, ?_⟩
  · have h := line_between (a := l.slope) (b := l.offset - grid * p.lo) ha.1 ha.2 (by omega) (by omega)
    omega
  · generalize hc : 2 * (unit p.shift * p.zeroPoint) + (unit p.shift + 2147483648) = c at a2 b2 ⊢
    generalize hd : 2 * unit p.shift = d at a2 b2 ⊢
    generalize hm : 2 * p.multiplier = m at a2 b2 ⊢
    have e (z : Int) : d * (l.slope * z + l.offset) - grid * (m * z + c) =
        (d * l.slope - grid * m) * z + (d * l.offset - grid * c) := by
      rw [Int.mul_add, Int.mul_add, Int.sub_mul, Int.mul_assoc, Int.mul_assoc]
      omega
    have ea := e i.lo
    have eb := e i.hi
    have ez := e acc
    have h := line_between (a := d * l.slope - grid * m) (b := d * l.offset - grid * c) ha.1 ha.2 (by omega) (by omega)
    omega

theorem belowAt_between {grid : Int} {p : RequantizeParams} {i : Interval} {l : Line} {acc : Int}
    (h1 : belowAt grid p l i.lo = true) (h2 : belowAt grid p l i.hi = true) (ha : i.Holds acc) :
    l.at acc ≤ grid * p.hi ∧ 2 * unit p.shift * l.at acc ≤ grid * lowerReal p acc := by
  have a1 : l.at i.lo ≤ grid * p.hi := of_decide_eq_true (and_split h1).1
  have a2 : 2 * unit p.shift * l.at i.lo ≤ grid * lowerReal p i.lo := of_decide_eq_true (and_split h1).2
  have b1 : l.at i.hi ≤ grid * p.hi := of_decide_eq_true (and_split h2).1
  have b2 : 2 * unit p.shift * l.at i.hi ≤ grid * lowerReal p i.hi := of_decide_eq_true (and_split h2).2
  unfold Line.at at a1 a2 b1 b2 ⊢
  rw [lowerReal_linear] at a2 b2 ⊢
  refine ⟨?_, ?_⟩
  · have h := line_between (a := -l.slope) (b := grid * p.hi - l.offset) ha.1 ha.2
      (by rw [Int.neg_mul]; omega) (by rw [Int.neg_mul]; omega)
    rw [Int.neg_mul] at h
    omega
  · generalize hc : 2 * (unit p.shift * p.zeroPoint) - (unit p.shift + 2147483648) = c at a2 b2 ⊢
    generalize hd : 2 * unit p.shift = d at a2 b2 ⊢
    generalize hm : 2 * p.multiplier = m at a2 b2 ⊢
    have e (z : Int) : grid * (m * z + c) - d * (l.slope * z + l.offset) =
        (grid * m - d * l.slope) * z + (grid * c - d * l.offset) := by
      rw [Int.mul_add, Int.mul_add, Int.sub_mul, Int.mul_assoc, Int.mul_assoc]
      omega
    have ea := e i.lo
    have eb := e i.hi
    have ez := e acc
    have h := line_between (a := grid * m - d * l.slope) (b := grid * c - d * l.offset) ha.1 ha.2 (by omega) (by omega)
    omega

/-- A checked upper line lies above requantize on the whole interval. -/
theorem upper_of_ok {mode : Rounding} {grid : Int} {p : RequantizeParams} {i : Interval} {l : Line}
    (hg : 0 < grid) (hp : p.Valid) (h : upperOk mode grid p i l = true) {acc : Int} (ha : i.Holds acc) :
    grid * requantize mode acc p ≤ l.at acc := by
  rcases or_split h with h1 | h1
  · have hb := aboveAt_between (and_split h1).1 (and_split h1).2 ha
    have hr := (rescale_between mode acc p).2
    have hu := unit_pos p.shift
    have h2 := Int.mul_le_mul_of_nonneg_left hr (Int.le_of_lt hg)
    have h3 : grid * (rescale mode acc p.multiplier p.shift + p.zeroPoint) ≤ l.at acc := by
      apply le_of_mul_le (z := 2 * unit p.shift) (by omega)
      rw [Int.mul_left_comm]
      exact Int.le_trans h2 hb.2
    have h4 := requantize_saturates_only mode acc p hp.range.2.1
    simp only at h4
    generalize hv : rescale mode acc p.multiplier p.shift + p.zeroPoint = v at h3 h4
    have c1 := h4.1
    have c2 := h4.2.1
    have c3 := h4.2.2
    by_cases hlo : v < p.lo
    · rw [c2 hlo]; exact hb.1
    · by_cases hhi : p.hi < v
      · rw [c3 hhi]
        have h5 := Int.mul_le_mul_of_nonneg_left (Int.le_of_lt hhi) (Int.le_of_lt hg)
        omega
      · rw [c1 (by omega) (by omega)]; exact h3
  · have hs : l.slope = 0 := of_decide_eq_true (and_split h1).1
    have ho : grid * requantize mode i.hi p ≤ l.offset := of_decide_eq_true (and_split h1).2
    have hm := requantize_mono mode p (by have := hp.multiplier; omega) ha.2
    have h2 := Int.mul_le_mul_of_nonneg_left hm (Int.le_of_lt hg)
    unfold Line.at
    rw [hs, Int.zero_mul]
    omega

/-- A checked lower line lies below requantize on the whole interval. -/
theorem lower_of_ok {mode : Rounding} {grid : Int} {p : RequantizeParams} {i : Interval} {l : Line}
    (hg : 0 < grid) (hp : p.Valid) (h : lowerOk mode grid p i l = true) {acc : Int} (ha : i.Holds acc) :
    l.at acc ≤ grid * requantize mode acc p := by
  rcases or_split h with h1 | h1
  · have hb := belowAt_between (and_split h1).1 (and_split h1).2 ha
    have hr := (rescale_between mode acc p).1
    have hu := unit_pos p.shift
    have h2 := Int.mul_le_mul_of_nonneg_left hr (Int.le_of_lt hg)
    have h3 : l.at acc ≤ grid * (rescale mode acc p.multiplier p.shift + p.zeroPoint) := by
      apply le_of_mul_le (z := 2 * unit p.shift) (by omega)
      rw [Int.mul_left_comm (2 * unit p.shift) grid]
      exact Int.le_trans hb.2 h2
    have h4 := requantize_saturates_only mode acc p hp.range.2.1
    simp only at h4
    generalize hv : rescale mode acc p.multiplier p.shift + p.zeroPoint = v at h3 h4
    have c1 := h4.1
    have c2 := h4.2.1
    have c3 := h4.2.2
    by_cases hlo : v < p.lo
    · rw [c2 hlo]
      have h5 := Int.mul_le_mul_of_nonneg_left (Int.le_of_lt hlo) (Int.le_of_lt hg)
      omega
    · by_cases hhi : p.hi < v
      · rw [c3 hhi]; exact hb.1
      · rw [c1 (by omega) (by omega)]; exact h3
  · have hs : l.slope = 0 := of_decide_eq_true (and_split h1).1
    have ho : l.offset ≤ grid * requantize mode i.lo p := of_decide_eq_true (and_split h1).2
    have hm := requantize_mono mode p (by have := hp.multiplier; omega) ha.1
    have h2 := Int.mul_le_mul_of_nonneg_left hm (Int.le_of_lt hg)
    unfold Line.at
    rw [hs, Int.zero_mul]
    omega

/-! ### the form -/

theorem line_of_ok {mode : Rounding} {grid : Int} {p : RequantizeParams} {i : Interval} {factor : Int}
    (hg : 0 < grid) (hp : p.Valid) (h : lineOk mode grid p i factor = true) {acc : Int} (ha : i.Holds acc) :
    factor * (lineFor mode grid p i factor).at acc ≤ factor * (grid * requantize mode acc p) := by
  unfold lineOk at h
  unfold lineFor
  split at h
  · rename_i hf
    rw [if_pos hf]
    exact Int.mul_le_mul_of_nonneg_left (lower_of_ok hg hp h ha) hf
  · rename_i hf
    rw [if_neg hf]
    have h1 := Int.mul_le_mul_of_nonneg_left (upper_of_ok hg hp h ha) (c := -factor) (by omega)
    rw [Int.neg_mul, Int.neg_mul] at h1
    omega

theorem lowerForm_le {mode : Rounding} {grid : Int} {l : Hidden} {box : List Interval} {x : List Int} (hg : 0 < grid)
    (hx : InBox box x) {rows : List Row} {scales : List Scale} {factors : List Int}
    (hv : ∀ s ∈ scales, (l.params s).Valid) (h : lowerFormOk mode grid l box rows scales factors = true) :
    (lowerForm mode grid l box rows scales factors).value x ≤
      grid * sum (products factors (requantizeAll mode l scales (evalRows l.dense x rows))) := by
  have empty : (⟨[], 0⟩ : Form).value x = 0 := by
    unfold Form.value
    cases x <;> rfl
  induction rows generalizing scales factors with
  | nil =>
    have e1 : requantizeAll mode l scales (evalRows l.dense x []) = [] := by cases scales <;> rfl
    have e2 : sum (products factors []) = 0 := by cases factors <;> rfl
    have e3 : lowerForm mode grid l box [] scales factors = ⟨[], 0⟩ := rfl
    rw [e1, e2, e3, empty, Int.mul_zero]
    exact Int.le_refl 0
  | cons r rs ih =>
    cases scales with
    | nil =>
      have e1 : requantizeAll mode l [] (evalRows l.dense x (r :: rs)) = [] := rfl
      have e2 : sum (products factors []) = 0 := by cases factors <;> rfl
      have e3 : lowerForm mode grid l box (r :: rs) [] factors = ⟨[], 0⟩ := rfl
      rw [e1, e2, e3, empty, Int.mul_zero]
      exact Int.le_refl 0
    | cons s ss =>
      cases factors with
      | nil =>
        have e2 : sum (products [] (requantizeAll mode l (s :: ss) (evalRows l.dense x (r :: rs)))) = 0 := rfl
        have e3 : lowerForm mode grid l box (r :: rs) (s :: ss) [] = ⟨[], 0⟩ := rfl
        rw [e2, e3, empty, Int.mul_zero]
        exact Int.le_refl 0
      | cons v vs =>
        have h' := and_split (a := lineOk mode grid (l.params s) (accumulateInterval r.bias (l.dense.weights r) box) v)
          (b := lowerFormOk mode grid l box rs ss vs) h
        have h1 := ih (fun s' hs' => hv s' (.tail _ hs')) h'.2
        have hi := accumulateInterval_holds r.bias (l.dense.weights r) hx
        have h2 := line_of_ok hg (hv s (.head _)) h'.1 hi
        have e1 : sum (products (v :: vs) (requantizeAll mode l (s :: ss) (evalRows l.dense x (r :: rs)))) =
          v * requantize mode (accumulate r.bias (l.dense.weights r) x) (l.params s) +
            sum (products vs (requantizeAll mode l ss (evalRows l.dense x rs))) := rfl
        have e2 : (lowerForm mode grid l box (r :: rs) (s :: ss) (v :: vs)).value x =
          v * ((lineFor mode grid (l.params s) (accumulateInterval r.bias (l.dense.weights r) box) v).slope * r.bias +
              (lineFor mode grid (l.params s) (accumulateInterval r.bias (l.dense.weights r) box) v).offset) +
            (lowerForm mode grid l box rs ss vs).constant +
          sum (products (addScaled
            (v * (lineFor mode grid (l.params s) (accumulateInterval r.bias (l.dense.weights r) box) v).slope)
            (l.dense.weights r) (lowerForm mode grid l box rs ss vs).coefficients) x) := rfl
        rw [e1, e2, sum_products_addScaled]
        generalize lineFor mode grid (l.params s) (accumulateInterval r.bias (l.dense.weights r) box) v = line at h2 ⊢
        unfold Line.at accumulate at h2
        unfold Form.value at h1
        unfold accumulate
        generalize sum (products (l.dense.weights r) x) = w at h2 ⊢
        generalize requantize mode (r.bias + w) (l.params s) = q at h2 ⊢
        have e3 : v * (line.slope * (r.bias + w) + line.offset) =
            v * (line.slope * r.bias + line.offset) + v * line.slope * w := by
          have e4 : line.slope * (r.bias + w) + line.offset = line.slope * r.bias + line.offset + line.slope * w := by
            rw [Int.mul_add]
            omega
          rw [e4, Int.mul_add, Int.mul_assoc]
        have e5 : grid * (v * q + sum (products vs (requantizeAll mode l ss (evalRows l.dense x rs)))) =
            v * (grid * q) + grid * sum (products vs (requantizeAll mode l ss (evalRows l.dense x rs))) := by
          rw [Int.mul_add, Int.mul_left_comm]
        omega

/-- A combination of hidden values never falls below the computed bound on the box. -/
theorem lowerBound_le {mode : Rounding} {grid : Int} {l : Hidden} {box : List Interval} {x : List Int}
    (hx : InBox box x) (hl : l.ok = true) {factors : List Int} (h : boundOk mode grid l box factors = true) :
    lowerBound mode grid l box factors ≤ grid * sum (products factors (l.eval mode x)) := by
  have hg : 0 < grid := of_decide_eq_true (and_split h).1
  have h1 := lowerForm_le hg hx (Hidden.valid_of_ok hl) (and_split h).2
  have h2 := (accumulateInterval_holds (lowerForm mode grid l box l.dense.rows l.scales factors).constant
    (lowerForm mode grid l box l.dense.rows l.scales factors).coefficients hx).1
  exact Int.le_trans h2 h1

theorem exceeds_of_ok {mode : Rounding} {grid : Int} {l : Hidden} {last : Dense} {box : List Interval} {x : List Int}
    (hx : InBox box x) (hl : l.ok = true) {best other : Row} (h : exceedsOk mode grid l last box best other = true) :
    accumulate other.bias (last.weights other) (l.eval mode x) < accumulate best.bias (last.weights best) (l.eval mode x) := by
  have h' := and_split h
  have hg : 0 < grid := of_decide_eq_true (and_split h'.1).1
  have h1 := lowerBound_le hx hl h'.1
  have h2 : 0 < lowerBound mode grid l box (subtract (last.weights best) (last.weights other)) + grid * (best.bias - other.bias) :=
    of_decide_eq_true h'.2
  have hlen : (last.weights best).length = (last.weights other).length := by
    unfold Dense.weights
    rw [length_unpack, length_unpack]
  rw [sum_products_subtract _ _ _ hlen] at h1
  unfold accumulate
  generalize sum (products (last.weights best) (l.eval mode x)) = a at h1 ⊢
  generalize sum (products (last.weights other) (l.eval mode x)) = b at h1 ⊢
  have h3 : 0 < grid * (a - b + (best.bias - other.bias)) := by
    rw [Int.mul_add]
    omega
  rcases Int.lt_or_le 0 (a - b + (best.bias - other.bias)) with hp | hn
  · omega
  · have h4 := Int.mul_le_mul_of_nonneg_left hn (Int.le_of_lt hg)
    rw [Int.mul_zero] at h4
    omega

theorem exceedsAll_spec {mode : Rounding} {grid : Int} {l : Hidden} {last : Dense} {box : List Interval} {x : List Int}
    (hx : InBox box x) (hl : l.ok = true) {best : Row} {rows : List Row} {action : Nat}
    (h : exceedsAllOk mode grid l last box best action rows = true) :
    ∀ j, j ≠ action → j < rows.length →
      nth (evalRows last (l.eval mode x) rows) j < accumulate best.bias (last.weights best) (l.eval mode x) := by
  have nthRow : ∀ (rs : List Row) (j : Nat), (∀ r ∈ rs, exceedsOk mode grid l last box best r = true) → j < rs.length →
      nth (evalRows last (l.eval mode x) rs) j < accumulate best.bias (last.weights best) (l.eval mode x) := by
    intro rs
    induction rs with
    | nil => intro j _ hj; have e : ([] : List Row).length = 0 := rfl; omega
    | cons s ss ih =>
      intro j hs hj
      cases j with
      | zero => exact exceeds_of_ok hx hl (hs s (.head _))
      | succ j => exact ih j (fun r hr => hs r (.tail _ hr)) (by have e : (s :: ss).length = ss.length + 1 := rfl; omega)
  induction rows generalizing action with
  | nil => intro j _ hj; have e : ([] : List Row).length = 0 := rfl; omega
  | cons r rs ih =>
    intro j hj hlt
    have e : (r :: rs).length = rs.length + 1 := rfl
    cases action with
    | zero =>
      cases j with
      | zero => contradiction
      | succ j => exact nthRow rs j (all_spec h) (by omega)
    | succ action =>
      have h' := and_split (a := exceedsOk mode grid l last box best r) (b := exceedsAllOk mode grid l last box best action rs) h
      cases j with
      | zero => exact exceeds_of_ok hx hl h'.1
      | succ j => exact ih h'.2 j (by omega) (by omega)

/-- A linear certificate that passes its check: one action on the whole box. -/
theorem Network.linearAction_of_ok (net : Network) (hr : net.requantizeOk = true) {grid : Int} {box : List Interval}
    {action : Nat} (ha : net.linearActionOk grid box action = true) :
    ∀ x, InBox box x → argMax (net.run x) = action := by
  intro x hx
  unfold Network.linearActionOk at ha
  cases hh : net.hidden with
  | nil => rw [hh] at ha; contradiction
  | cons l ls =>
    cases ls with
    | cons _ _ => rw [hh] at ha; contradiction
    | nil =>
      cases hrow : rowAt action net.last.rows with
      | none => rw [hh, hrow] at ha; contradiction
      | some best =>
        rw [hh, hrow] at ha
        have hl : l.ok = true := all_spec hr l (by rw [hh]; exact .head _)
        have e : net.run x = evalRows net.last (l.eval net.mode x) net.last.rows := by
          unfold Network.run
          rw [hh]
          rfl
        have h1 := rowAt_spec (d := net.last) (x := l.eval net.mode x) hrow
        rw [e]
        apply argMax_unique
        · rw [length_evalRows]; exact h1.1
        · intro j hj hlt
          rw [length_evalRows] at hlt
          rw [h1.2]
          exact exceedsAll_spec hx hl ha j hj hlt

end TinyVerify
