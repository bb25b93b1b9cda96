import TinyVerify.Certified.Fast
import TinyVerify.Certified.Cuts
/-!
# What the steps of the fast check compute

Main results: `upper_lanes` (ranges of all units), `larger_eq`, `positives_eq`, `sums_spec` (one output over a box).
-/
namespace TinyVerify

/-! ### lists by index -/

theorem addUp_eq (acc : Nat) (ps zs : List Nat) {d : Nat} (h : ps.length ≤ d) :
    (addUp acc ps zs : Int) = acc + sumTo (fun i => ((entry 0 ps i : Nat) : Int) * ((entry 0 zs i : Nat) : Int)) d := by
  induction d generalizing acc ps zs with
  | zero =>
    cases ps with
    | nil => show (acc : Int) = acc + 0; omega
    | cons _ _ => exact absurd h (Nat.not_succ_le_zero _)
  | succ d ih =>
    rw [sumTo_front]
    cases ps with
    | nil =>
      have e : addUp acc [] zs = acc := rfl
      have z : sumTo (fun i => ((entry 0 ([] : List Nat) (i + 1) : Nat) : Int) * ((entry 0 zs (i + 1) : Nat) : Int)) d =
        sumTo (fun _ => 0) d := sumTo_congr d (fun i _ => Int.zero_mul _)
      have z0 : ((entry 0 ([] : List Nat) 0 : Nat) : Int) * ((entry 0 zs 0 : Nat) : Int) = 0 := Int.zero_mul _
      rw [e, z0, z, sumTo_zero]
      omega
    | cons p ps =>
      cases zs with
      | nil =>
        have e : addUp acc (p :: ps) [] = acc := rfl
        have z : sumTo (fun i => ((entry 0 (p :: ps) (i + 1) : Nat) : Int) * ((entry 0 ([] : List Nat) (i + 1) : Nat) : Int)) d =
          sumTo (fun _ => 0) d := sumTo_congr d (fun i _ => Int.mul_zero _)
        have z0 : ((entry 0 (p :: ps) 0 : Nat) : Int) * ((entry 0 ([] : List Nat) 0 : Nat) : Int) = 0 := Int.mul_zero _
        rw [e, z0, z, sumTo_zero]
        omega
      | cons z zs =>
        have i := ih (acc + z * p) ps zs (Nat.le_of_succ_le_succ h)
        have e : addUp acc (p :: ps) (z :: zs) = addUp (acc + z * p) ps zs := rfl
        have e2 : ((entry 0 (p :: ps) 0 : Nat) : Int) * ((entry 0 (z :: zs) 0 : Nat) : Int) = (z : Int) * p := Int.mul_comm _ _
        have e3 : ((acc + z * p : Nat) : Int) = acc + (z : Int) * p := by rw [Int.natCast_add, Int.natCast_mul]
        rw [e, e2, i, e3]
        have e4 : sumTo (fun i => ((entry 0 (p :: ps) (i + 1) : Nat) : Int) * ((entry 0 (z :: zs) (i + 1) : Nat) : Int)) d =
          sumTo (fun i => ((entry 0 ps i : Nat) : Int) * ((entry 0 zs i : Nat) : Int)) d := rfl
        omega

theorem holdsAll_at {b : Int} {us : List Neuron} {f : Nat → Neuron → Int} {j : Nat} {cs : List Nat}
    (h : Columns.holdsAll b us f j cs = true) {i : Nat} (hi : i < cs.length) :
    ((entry 0 cs i : Nat) : Int) = lanes b (f (j + i)) us := by
  induction cs generalizing i j with
  | nil => exact absurd hi (Nat.not_lt_zero i)
  | cons c cs ih =>
    have h' := and_split h
    cases i with
    | zero => exact of_decide_eq_true h'.1
    | succ i =>
      have := ih h'.2 (i := i) (Nat.lt_of_succ_lt_succ hi)
      rw [Nat.add_right_comm] at this
      exact this

theorem holdsAllReversed_at {b : Int} {us : List Neuron} {f : Nat → Neuron → Int} {j : Nat} {cs : List Nat}
    (h : Columns.holdsAllReversed b us f j cs = true) {i : Nat} (hi : i < cs.length) :
    ((entry 0 cs i : Nat) : Int) = reversed b (f (j + i)) us := by
  induction cs generalizing i j with
  | nil => exact absurd hi (Nat.not_lt_zero i)
  | cons c cs ih =>
    have h' := and_split h
    cases i with
    | zero =>
      have e := of_decide_eq_true h'.1
      rw [reversedFrom_eq, Int.zero_mul, Int.zero_add] at e
      exact e
    | succ i =>
      have := ih h'.2 (i := i) (Nat.lt_of_succ_lt_succ hi)
      rw [Nat.add_right_comm] at this
      exact this

theorem reversed_of_holds {b : Int} {us : List Neuron} {c : Nat} {f : Neuron → Int} (h : Columns.holdsReversed b us c f = true) :
    (c : Int) = reversed b f us := by
  have e : (c : Int) = reversedFrom b f 0 us := of_decide_eq_true h
  rw [reversedFrom_eq, Int.zero_mul, Int.zero_add] at e
  exact e

theorem bounded_spec {us : List Neuron} {f : Neuron → Int} {most : Int} (h : Columns.bounded us f most = true) :
    ∀ u ∈ us, 0 ≤ f u ∧ f u ≤ most := by
  intro u hu
  have h' := and_split (all_spec h u hu)
  exact ⟨le_of_leqInt h'.1, le_of_leqInt h'.2⟩

/-! ### the box -/

theorem boxOk_spec {d : Nat} {lo hi : List Nat} (h : boxOk d lo hi = true) :
    lo.length = d ∧ hi.length = d ∧ ∀ i, i < d → entry 0 lo i ≤ entry 0 hi i ∧ entry 0 hi i ≤ 510 := by
  induction d generalizing lo hi with
  | zero =>
    cases lo with
    | nil => cases hi with
      | nil => exact ⟨rfl, rfl, fun i hi => absurd hi (Nat.not_lt_zero i)⟩
      | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons _ _ => cases hi <;> exact absurd h (by intro h; exact Bool.noConfusion h)
  | succ d ih =>
    cases lo with
    | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons l ls => cases hi with
      | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
      | cons m ms =>
        have h' := and_split h
        have h1 := and_split h'.1
        have i' := ih h'.2
        refine ⟨congrArg (· + 1) i'.1, congrArg (· + 1) i'.2.1, ?_⟩
        intro i hi
        cases i with
        | zero => exact ⟨Nat.le_of_ble_eq_true h1.1, Nat.le_of_ble_eq_true h1.2⟩
        | succ i => exact i'.2.2 i (Nat.lt_of_succ_lt_succ hi)

theorem withX_spec {rho : Nat} {axes : List Axis} {lo hi : List Nat} (hl : lo.length = axes.length) (hh : hi.length = axes.length)
    (g : List Nat → List Nat → Bool) (h : withX rho axes lo hi g = true) :
    ∃ xl xh : List Nat, g xl xh = true ∧ xl.length = axes.length ∧ xh.length = axes.length ∧
      ∀ i, i < axes.length →
        entry 0 xl i = (rho * entry 0 lo i + (entry ⟨1, 0, 0⟩ axes i).low) / (entry ⟨1, 0, 0⟩ axes i).inv ∧
        entry 0 xh i = (rho * entry 0 hi i + (entry ⟨1, 0, 0⟩ axes i).low + 2 * (entry ⟨1, 0, 0⟩ axes i).err) /
          (entry ⟨1, 0, 0⟩ axes i).inv + 1 := by
  induction axes generalizing lo hi g with
  | nil =>
    cases lo with
    | nil => cases hi with
      | nil => exact ⟨[], [], h, rfl, rfl, fun i hi => absurd hi (Nat.not_lt_zero i)⟩
      | cons _ _ => exact absurd hh (by intro h; exact Nat.noConfusion h)
    | cons _ _ => exact absurd hl (by intro h; exact Nat.noConfusion h)
  | cons a as ih =>
    cases lo with
    | nil => exact absurd hl (by intro h; exact Nat.noConfusion h)
    | cons l ls => cases hi with
      | nil => exact absurd hh (by intro h; exact Nat.noConfusion h)
      | cons m ms =>
        unfold withX at h
        rw [withNat_eq, withNat_eq] at h
        rcases ih (Nat.succ.inj hl) (Nat.succ.inj hh) _ h with ⟨xl, xh, hg, e1, e2, each⟩
        refine ⟨_, _, hg, congrArg (· + 1) e1, congrArg (· + 1) e2, ?_⟩
        intro i hi
        cases i with
        | zero => exact ⟨rfl, rfl⟩
        | succ i => exact each i (Nat.lt_of_succ_lt_succ hi)

/-! ### ranges -/

theorem up_abs {c lo hi most : Int} (h0 : 0 ≤ lo) (h1 : lo ≤ most) (h2 : 0 ≤ hi) (h3 : hi ≤ most) :
    -((c.natAbs : Int) * most) ≤ up c lo hi ∧ up c lo hi ≤ (c.natAbs : Int) * most := by
  unfold up
  have a1 := Int.mul_le_mul_of_nonneg_left h3 (show 0 ≤ max c 0 by omega)
  have a2 := Int.mul_le_mul_of_nonneg_left h1 (show 0 ≤ max (-c) 0 by omega)
  have a3 := Int.mul_nonneg (show 0 ≤ max c 0 by omega) h2
  have a4 := Int.mul_nonneg (show 0 ≤ max (-c) 0 by omega) h0
  have a5 := Int.mul_nonneg (show 0 ≤ max c 0 by omega) (show 0 ≤ most by omega)
  have a6 := Int.mul_nonneg (show 0 ≤ max (-c) 0 by omega) (show 0 ≤ most by omega)
  have e : (c.natAbs : Int) = max c 0 + max (-c) 0 := by omega
  rw [e, Int.add_mul]
  omega

theorem up_both {c lo hi : Int} (h : lo ≤ hi) : 0 ≤ up c lo hi + up (-c) lo hi := by
  unfold up
  have a1 := Int.mul_le_mul_of_nonneg_left h (show 0 ≤ max c 0 by omega)
  have a2 := Int.mul_le_mul_of_nonneg_left h (show 0 ≤ max (-c) 0 by omega)
  have e : - -c = c := by omega
  rw [e]
  omega

theorem sumTo_abs {f g : Nat → Int} (d : Nat) (h : ∀ i, i < d → -(g i) ≤ f i ∧ f i ≤ g i) :
    -(sumTo g d) ≤ sumTo f d ∧ sumTo f d ≤ sumTo g d := by
  have a := sumTo_le d (fun i hi => (h i hi).2)
  have b := sumTo_le (f := fun i => -1 * g i) (g := f) d (fun i hi => by have := (h i hi).1; omega)
  rw [sumTo_mul] at b
  omega

theorem sumTo_nonneg {f : Nat → Int} (d : Nat) (h : ∀ i, i < d → 0 ≤ f i) : 0 ≤ sumTo f d := by
  have a := sumTo_le (f := fun _ => 0) (g := f) d h
  rw [sumTo_zero] at a
  exact a

/-! ### lanes of ranges -/

/-- A constant column and the columns of the slopes give the upper bounds of all units. -/
theorem upper_lanes {us : List Neuron} {k d a0 : Nat} {f0 : Neuron → Int} {coef : Nat → Neuron → Int} {plus minus lo hi : List Nat}
    (h0 : (a0 : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => f0 u + ((2 ^ k : Nat) : Int)) us)
    (hp : plus.length = d) (hm : minus.length = d)
    (ep : ∀ i, i < d → ((entry 0 plus i : Nat) : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => max (coef i u) 0) us)
    (em : ∀ i, i < d → ((entry 0 minus i : Nat) : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => max (-(coef i u)) 0) us)
    (range : ∀ u ∈ us, -((2 ^ k : Nat) : Int) ≤ f0 u + sumTo (fun i => up (coef i u) ((entry 0 lo i : Nat) : Int) ((entry 0 hi i : Nat) : Int)) d) :
    ((addUp a0 plus hi - addUp 0 minus lo : Nat) : Int) = lanes ((2 ^ (k + 1) : Nat) : Int)
      (fun u => f0 u + sumTo (fun i => up (coef i u) ((entry 0 lo i : Nat) : Int) ((entry 0 hi i : Nat) : Int)) d + ((2 ^ k : Nat) : Int)) us := by
  have e1 := addUp_eq a0 plus hi (d := d) (by omega)
  have e2 := addUp_eq 0 minus lo (d := d) (by omega)
  generalize hb : ((2 ^ (k + 1) : Nat) : Int) = b at *
  have b0 : 0 ≤ b := by rw [← hb]; exact Int.natCast_nonneg _
  have eq : (addUp a0 plus hi : Int) - (addUp 0 minus lo : Int) = lanes b
      (fun u => f0 u + sumTo (fun i => up (coef i u) ((entry 0 lo i : Nat) : Int) ((entry 0 hi i : Nat) : Int)) d + ((2 ^ k : Nat) : Int)) us := by
    have s1 : sumTo (fun i => ((entry 0 plus i : Nat) : Int) * ((entry 0 hi i : Nat) : Int)) d =
        lanes b (fun u => sumTo (fun i => ((entry 0 hi i : Nat) : Int) * max (coef i u) 0) d) us := by
      rw [lanes_sumTo]
      apply sumTo_congr
      intro i hi'
      rw [ep i hi', lanes_mul, Int.mul_comm]
    have s2 : sumTo (fun i => ((entry 0 minus i : Nat) : Int) * ((entry 0 lo i : Nat) : Int)) d =
        lanes b (fun u => sumTo (fun i => ((entry 0 lo i : Nat) : Int) * max (-(coef i u)) 0) d) us := by
      rw [lanes_sumTo]
      apply sumTo_congr
      intro i hi'
      rw [em i hi', lanes_mul, Int.mul_comm]
    rw [e1, e2, s1, s2, h0]
    have z : ((0 : Nat) : Int) = 0 := rfl
    rw [z, Int.zero_add, ← lanes_add, ← lanes_sub]
    apply lanes_congr
    intro u _
    have s3 : sumTo (fun i => up (coef i u) ((entry 0 lo i : Nat) : Int) ((entry 0 hi i : Nat) : Int)) d =
        sumTo (fun i => ((entry 0 hi i : Nat) : Int) * max (coef i u) 0) d +
        -1 * sumTo (fun i => ((entry 0 lo i : Nat) : Int) * max (-(coef i u)) 0) d := by
      rw [← sumTo_mul, ← sumTo_add]
      apply sumTo_congr
      intro i _
      unfold up
      rw [Int.mul_comm (max (coef i u) 0), Int.mul_comm (max (-(coef i u)) 0)]
      omega
    rw [s3]
    omega
  have nonneg : 0 ≤ lanes b
      (fun u => f0 u + sumTo (fun i => up (coef i u) ((entry 0 lo i : Nat) : Int) ((entry 0 hi i : Nat) : Int)) d + ((2 ^ k : Nat) : Int)) us :=
    lanes_nonneg b0 (fun u hu => by have := range u hu; omega)
  rw [← eq] at nonneg ⊢
  omega

section
variable {us : List Neuron} {k : Nat} {c : Columns}

theorem positives_eq (hb : c.half = 2 ^ k) {f : Neuron → Int}
    (hf : ∀ u ∈ us, -((2 ^ k : Nat) : Int) ≤ f u ∧ f u < ((2 ^ k : Nat) : Int))
    {a : Nat} (ha : (a : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => f u + ((2 ^ k : Nat) : Int)) us)
    (hh : (c.halves : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun _ => ((2 ^ k : Nat) : Int)) us) :
    ((c.positives a : Nat) : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => max (f u) 0) us := by
  unfold Columns.positives
  rw [withNat_eq, hb]
  have s := topBits_eq hf ha hh
  rw [select_eq hf (c := fun u => if 0 ≤ f u then 1 else 0) ?_ ha s]
  · apply lanes_congr
    intro u _
    by_cases h : 0 ≤ f u
    · simp only [if_pos h]; omega
    · simp only [if_neg h]; omega
  · intro u _
    by_cases h : 0 ≤ f u
    · exact .inr ⟨if_pos h, h⟩
    · exact .inl (if_neg h)

theorem larger_eq (hb : c.half = 2 ^ k) {f g : Neuron → Int}
    (hf : ∀ u ∈ us, -((2 ^ k : Nat) : Int) ≤ f u - g u ∧ f u - g u < ((2 ^ k : Nat) : Int))
    {a b : Nat} (ha : (a : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => f u + ((2 ^ k : Nat) : Int)) us)
    (hb' : (b : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => g u + ((2 ^ k : Nat) : Int)) us)
    (hh : (c.halves : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun _ => ((2 ^ k : Nat) : Int)) us) :
    ((c.larger a b : Nat) : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => max (f u) (g u) + ((2 ^ k : Nat) : Int)) us := by
  have hd : ((a + c.halves - b : Nat) : Int) = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => f u - g u + ((2 ^ k : Nat) : Int)) us := by
    have e : (a : Int) + c.halves - b = lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => f u - g u + ((2 ^ k : Nat) : Int)) us := by
      rw [ha, hb', hh, ← lanes_add, ← lanes_sub]
      apply lanes_congr
      intro u _
      omega
    have n : 0 ≤ lanes ((2 ^ (k + 1) : Nat) : Int) (fun u => f u - g u + ((2 ^ k : Nat) : Int)) us :=
      lanes_nonneg (by omega) (fun u hu => by have := hf u hu; omega)
    omega
  have p := positives_eq hb hf hd hh
  unfold Columns.larger
  rw [Int.natCast_add, p, hb', ← lanes_add]
  apply lanes_congr
  intro u _
  omega

end

/-! ### one output -/

theorem difference'_eq (a b : Nat) : (difference' a b : Int) = (((a : Int) - b).natAbs : Int) := by
  unfold difference'
  omega

theorem up_pos {c lo hi : Int} (h : 0 ≤ c) : up c lo hi = c * hi ∧ up (-c) lo hi = -(c * lo) := by
  have e1 : max c 0 = c := by omega
  have e2 : max (-c) 0 = 0 := by omega
  have e3 : - -c = c := by omega
  unfold up
  rw [e3, e1, e2, Int.zero_mul, Int.zero_mul]
  omega

theorem sums_spec {c : Columns} {slope lifted : Nat} {o : OutColumns} {xs es ls hs : List Nat} {as : List Axis} {p n q r : Nat}
    (h : sums c slope lifted o xs es ls hs as p n q r = true) {x e : Nat → Int}
    (hx : ∀ i, i < xs.length → (c.dot slope (entry 0 xs i) : Int) = x i + lifted)
    (he : ∀ i, i < xs.length → (c.dot slope (entry 0 es i) : Int) = e i + lifted) :
    (p : Int) - n + sumTo (fun i => up (x i) ((entry 0 ls i : Nat) : Int) ((entry 0 hs i : Nat) : Int) +
      ((e i).natAbs : Int) * (entry ⟨1, 0, 0⟩ as i).err) xs.length ≤ o.high ∧
    (q : Int) - r + sumTo (fun i => up (-x i) ((entry 0 ls i : Nat) : Int) ((entry 0 hs i : Nat) : Int) +
      ((e i).natAbs : Int) * (entry ⟨1, 0, 0⟩ as i).err) xs.length ≤ o.low := by
  induction xs generalizing es ls hs as p n q r x e with
  | nil =>
    cases es with
    | nil => cases ls with
      | nil => cases hs with
        | nil => cases as with
          | nil =>
            have h' := and_split h
            have h1 := Nat.le_of_ble_eq_true h'.1
            have h2 := Nat.le_of_ble_eq_true h'.2
            have z : ∀ f : Nat → Int, sumTo f ([] : List Nat).length = 0 := fun _ => rfl
            rw [z, z]
            omega
          | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
        | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
      | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
  | cons x0 xs ih =>
    cases es with
    | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons e0 es => cases ls with
      | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
      | cons l ls => cases hs with
        | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
        | cons m ms => cases as with
          | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
          | cons a as =>
            have el : (x0 :: xs).length = xs.length + 1 := rfl
            have hx0 : (c.dot slope x0 : Int) = x 0 + lifted := hx 0 (by omega)
            have he0 : (c.dot slope e0 : Int) = e 0 + lifted := he 0 (by omega)
            have hxs : ∀ i, i < xs.length → (c.dot slope (entry 0 xs i) : Int) = x (i + 1) + lifted := fun i hi => hx (i + 1) (by omega)
            have hes : ∀ i, i < xs.length → (c.dot slope (entry 0 es i) : Int) = e (i + 1) + lifted := fun i hi => he (i + 1) (by omega)
            have eoff : (difference' (c.dot slope e0) lifted : Int) = ((e 0).natAbs : Int) := by
              rw [difference'_eq, he0]
              omega
            have eoff2 : ((difference' (c.dot slope e0) lifted * a.err : Nat) : Int) = ((e 0).natAbs : Int) * a.err := by
              rw [Int.natCast_mul, eoff]
            unfold sums at h
            rw [withNat_eq, withNat_eq] at h
            rw [el, sumTo_front, sumTo_front]
            have z1 : up (x 0) ((entry 0 (l :: ls) 0 : Nat) : Int) ((entry 0 (m :: ms) 0 : Nat) : Int) = up (x 0) l m := rfl
            have z2 : up (-x 0) ((entry 0 (l :: ls) 0 : Nat) : Int) ((entry 0 (m :: ms) 0 : Nat) : Int) = up (-x 0) l m := rfl
            have z3 : (entry ⟨1, 0, 0⟩ (a :: as) 0 : Axis) = a := rfl
            have z4 : (fun i => up (x (i + 1)) ((entry 0 (l :: ls) (i + 1) : Nat) : Int) ((entry 0 (m :: ms) (i + 1) : Nat) : Int) +
              ((e (i + 1)).natAbs : Int) * (entry ⟨1, 0, 0⟩ (a :: as) (i + 1)).err) = (fun i => up (x (i + 1)) ((entry 0 ls i : Nat) : Int)
              ((entry 0 ms i : Nat) : Int) + ((e (i + 1)).natAbs : Int) * (entry ⟨1, 0, 0⟩ as i).err) := rfl
            have z5 : (fun i => up (-x (i + 1)) ((entry 0 (l :: ls) (i + 1) : Nat) : Int) ((entry 0 (m :: ms) (i + 1) : Nat) : Int) +
              ((e (i + 1)).natAbs : Int) * (entry ⟨1, 0, 0⟩ (a :: as) (i + 1)).err) = (fun i => up (-x (i + 1)) ((entry 0 ls i : Nat) : Int)
              ((entry 0 ms i : Nat) : Int) + ((e (i + 1)).natAbs : Int) * (entry ⟨1, 0, 0⟩ as i).err) := rfl
            rw [z1, z2, z3, z4, z5]
            generalize difference' (c.dot slope e0) lifted * a.err = off at *
            generalize c.dot slope x0 = s at *
            cases hle : Nat.ble lifted s with
            | true =>
              rw [hle] at h
              simp only at h
              rw [withNat_eq, withNat_eq, withNat_eq, withNat_eq] at h
              have i := ih h hxs hes
              have le := Nat.le_of_ble_eq_true hle
              have ez : ((s - lifted : Nat) : Int) = x 0 := by omega
              have u := up_pos (c := x 0) (lo := l) (hi := m) (by omega)
              rw [Int.natCast_add, Int.natCast_add, Int.natCast_mul, ez] at i
              rw [Int.natCast_add, Int.natCast_add, Int.natCast_mul, ez] at i
              rw [u.1, u.2]
              omega
            | false =>
              rw [hle] at h
              simp only at h
              rw [withNat_eq, withNat_eq, withNat_eq, withNat_eq] at h
              have i := ih h hxs hes
              have lt : ¬ lifted ≤ s := by
                intro hc
                have := Nat.ble_eq_true_of_le hc
                rw [hle] at this
                exact Bool.noConfusion this
              have ez : ((lifted - s : Nat) : Int) = -x 0 := by omega
              have u := up_pos (c := -x 0) (lo := l) (hi := m) (by omega)
              have en : - -x 0 = x 0 := by omega
              rw [en] at u
              rw [Int.natCast_add, Int.natCast_add, Int.natCast_mul, ez] at i
              rw [Int.natCast_add, Int.natCast_add, Int.natCast_mul, ez] at i
              rw [u.1, u.2]
              omega

end TinyVerify
