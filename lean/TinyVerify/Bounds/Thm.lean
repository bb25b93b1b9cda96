import TinyVerify.Bounds.Spec
import TinyVerify.Network.Thm
import TinyVerify.Dequantize.Thm
/-!
# What an interval, margin or linear certificate shows

Main results: `Network.run_inBox` and `Network.bounds_of_ok` (outputs on a box),
`Network.action_of_ok` (one action on a whole box), `combine_holds` (Farkas).
-/
namespace TinyVerify

theorem Interval.scale_holds {i : Interval} {z : Int} (w : Int) (h : i.Holds z) :
    (Interval.scale w i).Holds (w * z) := by
  unfold Interval.scale
  split
  · rename_i hw
    exact ⟨Int.mul_le_mul_of_nonneg_left h.1 hw, Int.mul_le_mul_of_nonneg_left h.2 hw⟩
  · rename_i hw
    have h1 := Int.mul_le_mul_of_nonneg_left h.1 (c := -w) (by omega)
    have h2 := Int.mul_le_mul_of_nonneg_left h.2 (c := -w) (by omega)
    rw [Int.neg_mul, Int.neg_mul] at h1 h2
    exact ⟨show w * i.hi ≤ w * z by omega, show w * z ≤ w * i.lo by omega⟩

theorem accumulateInterval_holds (start : Int) (weights : List Int) {box : List Interval} {x : List Int}
    (h : InBox box x) : (accumulateInterval start weights box).Holds (accumulate start weights x) := by
  induction weights generalizing box x with
  | nil =>
    have e : accumulate start [] x = start := by cases x <;> exact Int.add_zero start
    rw [e]
    cases box <;> exact ⟨Int.le_refl _, Int.le_refl _⟩
  | cons w ws ih =>
    cases box with
    | nil =>
      cases x with
      | nil =>
        have e : accumulate start (w :: ws) [] = start + 0 := rfl
        have e2 : accumulateInterval start (w :: ws) [] = ⟨start, start⟩ := rfl
        rw [e, e2, Int.add_zero]
        exact ⟨Int.le_refl _, Int.le_refl _⟩
      | cons _ _ => exact h.elim
    | cons i is =>
      cases x with
      | nil => exact h.elim
      | cons z zs =>
        have h1 := Interval.scale_holds w h.1
        have h2 := ih h.2
        have e1 : accumulate start (w :: ws) (z :: zs) = start + (w * z + sum (products ws zs)) := rfl
        have e2 : accumulate start ws zs = start + sum (products ws zs) := rfl
        rw [e2] at h2
        rw [e1]
        unfold Interval.Holds at h1 h2 ⊢
        have e3 : accumulateInterval start (w :: ws) (i :: is) = (Interval.scale w i).add (accumulateInterval start ws is) := rfl
        rw [e3]
        unfold Interval.add
        simp only
        omega

theorem evalRowsInterval_inBox (d : Dense) {box : List Interval} {x : List Int} (h : InBox box x) (rows : List Row) :
    InBox (evalRowsInterval d box rows) (evalRows d x rows) := by
  induction rows with
  | nil => exact True.intro
  | cons r rs ih => exact ⟨accumulateInterval_holds _ _ h, ih⟩

theorem requantizeAllInterval_inBox (mode : Rounding) {l : Hidden} (scales : List Scale) {box : List Interval}
    {accs : List Int} (hs : ∀ s ∈ scales, (l.params s).Valid) (h : InBox box accs) :
    InBox (requantizeAllInterval mode l scales box) (requantizeAll mode l scales accs) := by
  induction scales generalizing box accs with
  | nil => cases box <;> cases accs <;> exact True.intro
  | cons s ss ih =>
    cases box with
    | nil =>
      cases accs with
      | nil => exact True.intro
      | cons _ _ => exact h.elim
    | cons i is =>
      cases accs with
      | nil => exact h.elim
      | cons acc accs =>
        have hm := (hs s (.head _)).multiplier
        exact ⟨⟨requantize_mono mode _ (by omega) h.1.1, requantize_mono mode _ (by omega) h.1.2⟩,
          ih (fun s' hs' => hs s' (.tail _ hs')) h.2⟩

theorem hiddenIntervals_inBox (mode : Rounding) {layers : List Hidden} (hr : ∀ l ∈ layers, l.ok = true)
    {box : List Interval} {x : List Int} (h : InBox box x) :
    InBox (hiddenIntervals mode layers box) (runHidden mode layers x) := by
  induction layers generalizing box x with
  | nil => exact h
  | cons l ls ih =>
    exact ih (fun l' hl => hr l' (.tail _ hl)) (requantizeAllInterval_inBox mode l.scales
      (Hidden.valid_of_ok (hr l (.head _))) (evalRowsInterval_inBox l.dense h l.dense.rows))

/-- For every input of the box the outputs lie in the computed intervals. -/
theorem Network.run_inBox (net : Network) (hr : net.requantizeOk = true) {box : List Interval} {x : List Int}
    (h : InBox box x) : InBox (net.intervals box) (net.run x) :=
  evalRowsInterval_inBox net.last (hiddenIntervals_inBox net.mode (all_spec hr) h) net.last.rows

theorem within_inBox {claimed computed : List Interval} (hw : withinOk computed claimed = true) {zs : List Int}
    (h : InBox computed zs) : InBox claimed zs := by
  induction computed generalizing claimed zs with
  | nil =>
    cases claimed with
    | nil => exact h
    | cons _ _ => contradiction
  | cons i is ih =>
    cases claimed with
    | nil => contradiction
    | cons j js =>
      cases zs with
      | nil => exact h.elim
      | cons z zs =>
        have h1 := and_split (a := decide (j.lo ≤ i.lo)) (b := decide (i.hi ≤ j.hi) && withinOk is js) hw
        have h2 := and_split h1.2
        have l1 : j.lo ≤ i.lo := of_decide_eq_true h1.1
        have l2 : i.hi ≤ j.hi := of_decide_eq_true h2.1
        exact ⟨⟨Int.le_trans l1 h.1.1, Int.le_trans h.1.2 l2⟩, ih h2.2 h.2⟩

/-- A claimed bound that passes its check holds for every input of the box. -/
theorem Network.bounds_of_ok (net : Network) (hr : net.requantizeOk = true) {box claimed : List Interval}
    (hb : net.boundsOk box claimed = true) : ∀ x, InBox box x → InBox claimed (net.run x) :=
  fun _ hx => within_inBox hb (net.run_inBox hr hx)

/-! ### one action on a whole box -/

theorem sum_products_subtract (a b x : List Int) (h : a.length = b.length) :
    sum (products (subtract a b) x) = sum (products a x) - sum (products b x) := by
  induction a generalizing b x with
  | nil =>
    cases b with
    | nil => cases x <;> rfl
    | cons _ _ => contradiction
  | cons a as ih =>
    cases b with
    | nil => contradiction
    | cons b bs =>
      cases x with
      | nil => rfl
      | cons z zs =>
        have e1 : sum (products (subtract (a :: as) (b :: bs)) (z :: zs)) = (a - b) * z + sum (products (subtract as bs) zs) := rfl
        have e2 : sum (products (a :: as) (z :: zs)) = a * z + sum (products as zs) := rfl
        have e3 : sum (products (b :: bs) (z :: zs)) = b * z + sum (products bs zs) := rfl
        have hl : as.length + 1 = bs.length + 1 := h
        rw [e1, e2, e3, ih bs zs (by omega), Int.sub_mul]
        omega

theorem margin_le (d : Dense) {box : List Interval} {x : List Int} (h : InBox box x) (best other : Row)
    (hm : 0 < margin d box best other) :
    accumulate other.bias (d.weights other) x < accumulate best.bias (d.weights best) x := by
  have h1 := (accumulateInterval_holds (best.bias - other.bias) (subtract (d.weights best) (d.weights other)) h).1
  have hl : (d.weights best).length = (d.weights other).length := by
    unfold Dense.weights
    rw [length_unpack, length_unpack]
  have h2 := sum_products_subtract (d.weights best) (d.weights other) x hl
  unfold margin at hm
  unfold accumulate at h1 ⊢
  omega

theorem marginsOk_spec {d : Dense} {box : List Interval} {x : List Int} (h : InBox box x) {best : Row}
    {rows : List Row} {action : Nat} (hm : marginsOk d box best action rows = true) :
    ∀ j, j ≠ action → j < rows.length → nth (evalRows d x rows) j < accumulate best.bias (d.weights best) x := by
  induction rows generalizing action with
  | nil => intro j _ hj; have e : ([] : List Row).length = 0 := rfl; omega
  | cons r rs ih =>
    intro j hj hlt
    have e : (r :: rs).length = rs.length + 1 := rfl
    cases action with
    | zero =>
      cases j with
      | zero => contradiction
      | succ j =>
        have hall : ∀ r ∈ rs, 0 < margin d box best r := fun r hr => of_decide_eq_true (all_spec hm r hr)
        have key : ∀ (rs : List Row) (j : Nat), (∀ r ∈ rs, 0 < margin d box best r) → j < rs.length →
            nth (evalRows d x rs) j < accumulate best.bias (d.weights best) x := by
          intro rs
          induction rs with
          | nil => intro j _ hj; have e : ([] : List Row).length = 0 := rfl; omega
          | cons s ss ihs =>
            intro j hs hj
            cases j with
            | zero => exact margin_le d h best s (hs s (.head _))
            | succ j => exact ihs j (fun r hr => hs r (.tail _ hr)) (by have e : (s :: ss).length = ss.length + 1 := rfl; omega)
        exact key rs j hall (by omega)
    | succ action =>
      have h' := and_split (a := decide (0 < margin d box best r)) (b := marginsOk d box best action rs) hm
      cases j with
      | zero => exact margin_le d h best r (of_decide_eq_true h'.1)
      | succ j => exact ih h'.2 j (by omega) (by omega)

theorem rowAt_spec {d : Dense} {x : List Int} {rows : List Row} {action : Nat} {best : Row}
    (h : rowAt action rows = some best) : action < rows.length ∧
      nth (evalRows d x rows) action = accumulate best.bias (d.weights best) x := by
  induction rows generalizing action with
  | nil => cases action <;> contradiction
  | cons r rs ih =>
    have e : (r :: rs).length = rs.length + 1 := rfl
    cases action with
    | zero =>
      have e2 : r = best := by injection h
      rw [← e2]
      exact ⟨by omega, rfl⟩
    | succ action =>
      have h1 := ih (action := action) h
      exact ⟨by omega, h1.2⟩

theorem length_evalRows (d : Dense) (x : List Int) (rows : List Row) : (evalRows d x rows).length = rows.length := by
  induction rows with
  | nil => rfl
  | cons r rs ih => exact congrArg (· + 1) ih

/-- If every other output lies strictly below, the arg max is this one. -/
theorem argMax_unique {zs : List Int} {action : Nat} (ha : action < zs.length)
    (h : ∀ j, j ≠ action → j < zs.length → nth zs j < nth zs action) : argMax zs = action := by
  cases zs with
  | nil => have e : ([] : List Int).length = 0 := rfl; omega
  | cons z zs =>
    by_cases e : argMax (z :: zs) = action
    · exact e
    · have h1 := h _ e (argMax_lt z zs)
      rw [nth_argMax] at h1
      have h2 : ∀ (l : List Int) (i : Nat), i < l.length → nth l i ≤ maximum l := by
        intro l
        induction l with
        | nil => intro i hi; have e : ([] : List Int).length = 0 := rfl; omega
        | cons y ys ih =>
          intro i hi
          cases i with
          | zero => exact le_maximum _ y (.head _)
          | succ i =>
            cases ys with
            | nil => have e : (y :: ([] : List Int)).length = 1 := rfl; omega
            | cons w ws =>
              have e1 : maximum (y :: w :: ws) = max y (maximum (w :: ws)) := rfl
              have e2 : (y :: w :: ws).length = (w :: ws).length + 1 := rfl
              have e3 : nth (y :: w :: ws) (i + 1) = nth (w :: ws) i := rfl
              have h3 := ih i (by omega)
              omega
      have h3 := h2 (z :: zs) action ha
      omega

/-- A margin certificate that passes its check: the network takes this action on the whole box. -/
theorem Network.action_of_ok (net : Network) (hr : net.requantizeOk = true) {box : List Interval} {action : Nat}
    (ha : net.actionOk box action = true) : ∀ x, InBox box x → argMax (net.run x) = action := by
  intro x hx
  have hb := hiddenIntervals_inBox net.mode (all_spec hr) hx
  unfold Network.actionOk at ha
  cases hrow : rowAt action net.last.rows with
  | none => rw [hrow] at ha; contradiction
  | some best =>
    rw [hrow] at ha
    have h1 := rowAt_spec (d := net.last) (x := runHidden net.mode net.hidden x) hrow
    have e : net.run x = evalRows net.last (runHidden net.mode net.hidden x) net.last.rows := rfl
    rw [e]
    apply argMax_unique
    · rw [length_evalRows]; exact h1.1
    · intro j hj hlt
      rw [length_evalRows] at hlt
      rw [h1.2]
      exact marginsOk_spec hb ha j hj hlt

/-! ### linear certificates -/

theorem sum_products_addScaled (k : Int) (a b v : List Int) :
    sum (products (addScaled k a b) v) = k * sum (products a v) + sum (products b v) := by
  induction a generalizing b v with
  | nil =>
    have e1 : addScaled k [] b = b := by cases b <;> rfl
    have e2 : sum (products [] v) = 0 := by cases v <;> rfl
    rw [e1, e2, Int.mul_zero, Int.zero_add]
  | cons a as ih =>
    cases v with
    | nil =>
      have e1 (l : List Int) : sum (products l []) = 0 := by cases l <;> rfl
      rw [e1, e1, e1, Int.mul_zero]
      rfl
    | cons z zs =>
      have e2 : sum (products (a :: as) (z :: zs)) = a * z + sum (products as zs) := rfl
      cases b with
      | nil =>
        have e1 : sum (products (addScaled k (a :: as) []) (z :: zs)) = k * a * z + sum (products (addScaled k as []) zs) := rfl
        have e3 (l : List Int) : sum (products [] l) = 0 := by cases l <;> rfl
        rw [e1, e2, e3, ih, e3, Int.mul_add, Int.mul_assoc]
        omega
      | cons b bs =>
        have e1 : sum (products (addScaled k (a :: as) (b :: bs)) (z :: zs)) =
          (k * a + b) * z + sum (products (addScaled k as bs) zs) := rfl
        have e3 : sum (products (b :: bs) (z :: zs)) = b * z + sum (products bs zs) := rfl
        rw [e1, e2, e3, ih, Int.mul_add, Int.add_mul, Int.mul_assoc]
        omega

/-- Farkas: a combination with natural multipliers of inequalities that hold, holds. -/
theorem combine_holds (weighted : List Weighted) (values : List Int)
    (h : ∀ w ∈ weighted, w.inequality.Holds values) : (combine weighted).Holds values := by
  induction weighted with
  | nil =>
    have e : sum (products [] values) = 0 := by cases values <;> rfl
    show sum (products [] values) ≤ 0
    omega
  | cons w ws ih =>
    have h1 := h w (.head _)
    have h2 := ih (fun w' hw => h w' (.tail _ hw))
    unfold Inequality.Holds at h1 h2 ⊢
    have h3 := Int.mul_le_mul_of_nonneg_left h1 (c := (w.multiplier : Int)) (by omega)
    show sum (products (addScaled w.multiplier w.inequality.coefficients (combine ws).coefficients) values) ≤
      w.multiplier * w.inequality.bound + (combine ws).bound
    rw [sum_products_addScaled]
    omega

end TinyVerify
