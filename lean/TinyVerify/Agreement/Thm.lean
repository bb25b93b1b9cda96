import TinyVerify.Agreement.Count
import TinyVerify.Certified.FastThm
/-!
# From a tree of decided leaves to a share of the box

Main results: `Plan.wins` (on a leaf that passes its check both networks take the action), `AlikeOn.of_ok`, the theorem
that a certificate instantiates.
-/
namespace TinyVerify

theorem length_subtract {a b : List Int} (h : a.length = b.length) : (subtract a b).length = a.length := by
  induction a generalizing b with
  | nil => cases b <;> rfl
  | cons x xs ih => cases b with
    | nil => exact absurd h (by intro h; exact Nat.noConfusion h)
    | cons y ys => exact congrArg (· + 1) (ih (Nat.succ.inj h))

theorem sum_subtract {a b : List Int} (h : a.length = b.length) : sum (subtract a b) = sum a - sum b := by
  induction a generalizing b with
  | nil => cases b with
    | nil => rfl
    | cons _ _ => exact absurd h (by intro h; exact Nat.noConfusion h)
  | cons x xs ih => cases b with
    | nil => exact absurd h (by intro h; exact Nat.noConfusion h)
    | cons y ys =>
      have i := ih (Nat.succ.inj h)
      show x - y + sum (subtract xs ys) = x + sum xs - (y + sum ys)
      omega

theorem nth_evalRows {d : Dense} {x : List Int} {rows : List Row} {j : Nat} (h : j < rows.length) :
    nth (evalRows d x rows) j = accumulate (Plan.rowOf rows j).bias (d.weights (Plan.rowOf rows j)) x := by
  induction rows generalizing j with
  | nil => exact absurd h (Nat.not_lt_zero j)
  | cons r rs ih => cases j with
    | zero => rfl
    | succ j => exact ih (Nat.lt_of_succ_lt_succ h)

theorem floatLayer_at {rs : List FloatRow} {x ys : List Int} (h : floatLayer rs x ys) :
    ys.length = rs.length ∧ ∀ j, j < rs.length → (Plan.floatRowOf rs j).Computes x (nth ys j) := by
  induction rs generalizing ys with
  | nil => cases ys with
    | nil => exact ⟨rfl, fun j hj => absurd hj (Nat.not_lt_zero j)⟩
    | cons _ _ => exact h.elim
  | cons r rs ih => cases ys with
    | nil => exact h.elim
    | cons y ys =>
      have i := ih h.2
      refine ⟨congrArg (· + 1) i.1, ?_⟩
      intro j hj
      cases j with
      | zero => exact h.1
      | succ j => exact i.2 j (Nat.lt_of_succ_lt_succ hj)

namespace Plan

theorem length_values {o : Output} {k : Nat} {us : List Neuron} {ws vs : List Int} (h : weightsOk o k us ws vs = true) :
    vs.length = us.length := by
  induction us generalizing ws vs with
  | nil => cases ws with
    | nil => cases vs with
      | nil => rfl
      | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
  | cons u us ih => cases ws with
    | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons w ws => cases vs with
      | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
      | cons v vs => exact congrArg (· + 1) (ih (and_split h).2)

theorem cellOk_at {p : Plan} {c : Cell} {j : Nat} {os : List Output} (h : p.cellOk c j os = true) :
    ∀ i, i < os.length → c.errorHigh p.pairing (j + i) ≤ (entry noOutput os i).high := by
  induction os generalizing j with
  | nil => intro i hi; exact absurd hi (Nat.not_lt_zero i)
  | cons o os ih =>
    have h1 := and_split h
    intro i hi
    cases i with
    | zero => exact le_of_leqInt (and_split h1.1).1
    | succ i =>
      have e : j + (i + 1) = j + 1 + i := by omega
      rw [e]
      exact ih h1.2 i (Nat.lt_of_succ_lt_succ hi)

/-- The float32 sum of an output, against the exact one. -/
theorem sum_close {p : Plan} {box : List Interval} {hidden : List FloatRow} {error : Int} {r : FloatRow} {hs : List Int} {y : Int}
    (hok : p.sumErrorOk box hidden error r = true) (hlen : r.weights.length = p.pairing.units.length)
    (ht : 4 * ((p.pairing.units.length : Int) + 1) ≤ 16777216) (hreach : Reached p box p.pairing.units hidden hs)
    (hy : r.Computes (positive hs) y) :
    -error ≤ f32One * y - (f32One * r.bias + sum (products r.weights (positive hs))) ∧
    f32One * y - (f32One * r.bias + sum (products r.weights (positive hs))) ≤ error := by
  have sumErr := FloatRow.error hy (n := (p.pairing.units.length : Int) + 1) ht (by omega)
  have reach := absSum_out_le hreach r.weights
  have eTerms : (absSum (r.terms (positive hs)) : Int) = ((f32One * r.bias).natAbs : Int) + (absSum (products r.weights (positive hs)) : Int) := by
    have : absSum (r.terms (positive hs)) = (f32One * r.bias).natAbs + absSum (products r.weights (positive hs)) := rfl
    omega
  have mTerms := Int.mul_le_mul_of_nonneg_left (show (absSum (r.terms (positive hs)) : Int) ≤ ((f32One * r.bias).natAbs : Int) +
    p.outReach box p.pairing.units hidden r.weights by omega) (show 0 ≤ (p.pairing.units.length : Int) + 1 by omega)
  have hok2 : leqInt _ _ = true := hok
  have close := Int.le_of_mul_le_mul_left (Int.le_trans (Int.le_trans sumErr (Int.add_le_add mTerms (Int.le_refl _))) (le_of_leqInt hok2))
    (by omega)
  have eExact : r.exact (positive hs) = f32One * r.bias + sum (products r.weights (positive hs)) := rfl
  rw [eExact] at close
  omega

/-- Output `b` lies below output `a` in both networks. -/
theorem beats {p : Plan} {box : List Interval} {l : Hidden} {hidden : List FloatRow} {last : Dense} {ra rb : Row}
    {fa fb : FloatRow} {k : Nat} (hok : p.beatsOk box l hidden last ra rb fa fb k = true)
    {c : Cell} {n' x' e' : Nat → Int} (hp : At p.pairing c p.scale p.fine p.coarse n' x' e') (hphi : 1 ≤ p.phi)
    (hrho : 1 ≤ p.pairing.rho) (htheta : 1 ≤ p.theta)
    {cs hs : List Int} (ho : Observed p.pairing p.scale p.fine n' x' p.pairing.units
      (codesOut (p.scale * (p.pairing.rho * p.theta)) l.zeroPoint cs) (floatsOut p.phi hs))
    (hreach : Reached p box p.pairing.units hidden hs) (hcell : p.cellOk c 0 p.outputs = true)
    {ya yb : Int} (hya : fa.Computes (positive hs) ya) (hyb : fb.Computes (positive hs) yb) :
    accumulate rb.bias (last.weights rb) cs < accumulate ra.bias (last.weights ra) cs ∧ yb < ya := by
  unfold beatsOk at hok
  have h1 := all_cons hok
  have h2 := all_cons h1.2
  have h3 := all_cons h2.2
  have h4 := all_cons h3.2
  have h5 := all_cons h4.2
  have h6 := all_cons h5.2
  have h7 := all_cons h6.2
  have h8 := all_cons h7.2
  have h9 := all_cons h8.2
  have h10 := all_cons h9.2
  have h11 := all_cons h10.2
  have h12 := all_cons h11.2
  have h13 := all_cons h12.2
  have h14 := all_cons h13.2
  have h15 := all_cons h14.2
  have h16 := all_cons h15.2
  have hk := Nat.le_of_ble_eq_true h1.1
  have hw := Nat.eq_of_beq_eq_true h2.1
  have hv := Nat.eq_of_beq_eq_true h3.1
  have s0 := hp.scale_pos
  have hcode := cellOk_at hcell k (by omega)
  have hfloat := cellOk_at hcell (k + 1) (by omega)
  rw [Nat.zero_add] at hcode hfloat
  generalize entry noOutput p.outputs k = code at *
  generalize entry noOutput p.outputs (k + 1) = float at *
  refine ⟨?_, ?_⟩
  · have diff := difference_eq h7.1 ho
    have bound := (Cell.error_bound hp k ho).1
    have b1 := Int.mul_le_mul_of_nonneg_left hcode (Int.le_of_lt s0)
    have l8 := le_of_leqInt h8.1
    rw [of_decide_eq_true h4.1, Nat.eq_of_beq_eq_true h5.1, Nat.eq_of_beq_eq_true h6.1] at diff
    have one : ((1 : Nat) : Int) = 1 := rfl
    have zero : ((0 : Nat) : Int) = 0 := rfl
    rw [one, zero, Int.one_mul, Int.one_mul, Int.one_mul, Int.zero_mul, Int.zero_mul, Int.zero_mul, Int.sub_zero] at diff
    rw [sum_products_subtract _ _ _ hw.symm, sum_subtract hw.symm] at diff
    rw [diff] at bound
    have big : 0 < (p.pairing.rho : Int) * p.theta := Int.mul_pos (by omega) (by omega)
    unfold accBase at l8
    unfold accumulate
    generalize sum (products (last.weights ra) cs) = sa at *
    generalize sum (products (last.weights rb) cs) = sb at *
    generalize sum (last.weights ra) = ta at *
    generalize sum (last.weights rb) = tb at *
    generalize (p.pairing.rho : Int) * p.theta = r at *
    have e1 : 2 * (p.scale * r * (sb - sa - l.zeroPoint * (tb - ta))) = p.scale * (2 * (r * (sb - sa - l.zeroPoint * (tb - ta)))) := by ac_rfl
    rw [e1] at bound
    have b2 := Int.le_of_mul_le_mul_left (Int.le_trans bound b1) s0
    rcases Int.lt_or_ge (rb.bias + sb) (ra.bias + sa) with h | h
    · exact h
    · exfalso
      have m := Int.mul_nonneg (Int.le_of_lt big) (show 0 ≤ rb.bias + sb - (ra.bias + sa) by omega)
      have e2 : r * (rb.bias + sb - (ra.bias + sa)) = r * (sb - sa - l.zeroPoint * (tb - ta)) +
          r * (rb.bias + l.zeroPoint * tb - (ra.bias + l.zeroPoint * ta)) := by
        rw [← Int.mul_add, Int.mul_sub l.zeroPoint]
        congr 1
        omega
      omega
  · have diff := difference_eq h12.1 ho
    have bound := (Cell.error_bound hp (k + 1) ho).1
    have b1 := Int.mul_le_mul_of_nonneg_left hfloat (Int.le_of_lt s0)
    have l13 := le_of_leqInt h13.1
    have l16 := le_of_leqInt h16.1
    have den0 : (0 : Int) ≤ float.den := by omega
    have hv1 := length_values h12.1
    rw [length_subtract hv] at hv1
    have ca := sum_close h14.1 hv1 l13 hreach hya
    have cb := sum_close h15.1 (by omega) l13 hreach hyb
    have one0 : 0 < f32One := by unfold f32One; exact two_pow_pos 149
    have u0 : 0 < (p.phi : Int) * f32One := Int.mul_pos (by omega) one0
    rw [of_decide_eq_true h9.1, Nat.eq_of_beq_eq_true h10.1] at diff
    have one : ((1 : Nat) : Int) = 1 := rfl
    rw [one, Int.zero_mul, Int.mul_zero, Int.zero_mul, Int.one_mul, Int.zero_sub, sum_products_subtract _ _ _ hv] at diff
    have b2 := Int.mul_le_mul_of_nonneg_left (Int.le_trans bound b1) den0
    have e1 : (float.den : Int) * (2 * difference (k + 1) p.pairing.units (codesOut (p.scale * (p.pairing.rho * p.theta)) l.zeroPoint cs)
        (floatsOut p.phi hs)) = 2 * (float.den * difference (k + 1) p.pairing.units
        (codesOut (p.scale * (p.pairing.rho * p.theta)) l.zeroPoint cs) (floatsOut p.phi hs)) := by ac_rfl
    have e2 : (float.den : Int) * (p.scale * float.high) = p.scale * (float.den * float.high) := by ac_rfl
    rw [e1, e2, diff] at b2
    generalize sum (products fa.weights (positive hs)) = sa at *
    generalize sum (products fb.weights (positive hs)) = sb at *
    generalize (p.phi : Int) * f32One = u at *
    rcases Int.lt_or_ge yb ya with h | h
    · exact h
    · exfalso
      have m0 := Int.mul_le_mul_of_nonneg_left h (Int.le_of_lt one0)
      have m := Int.mul_nonneg (Int.le_of_lt u0) (show 0 ≤ f32One * fb.bias + sb - (f32One * fa.bias + sa) + 2 * float.sumError by omega)
      have e3 : u * (f32One * fb.bias + sb - (f32One * fa.bias + sa) + 2 * float.sumError) =
          u * (f32One * (fb.bias - fa.bias) + 2 * float.sumError) + -(u * (sa - sb)) := by
        rw [← Int.mul_neg, ← Int.mul_add, Int.mul_sub f32One]
        congr 1
        omega
      omega

/-- On a leaf that passes the check of action `a` both networks take it. -/
theorem wins {p : Plan} {net : Network} {input : List Feature} {f : FloatNetwork} {box : List Interval} {a : Nat}
    (h : p.winsOk net input f box a = true) {bits : List Nat} (hfin : ∀ b ∈ bits, f32Exponent b < 255)
    (hx : InBox box (f32Values bits)) {y : List Int} (hy : f.Computes (f32Values bits) y) {c : Cell}
    (hc : c.Holds p.pairing.dim (codeAt input (ObjectCode.quantizeAll input bits))) (hcell : p.cellOk c 0 p.outputs = true) :
    argMax y = a ∧ argMax (net.run (ObjectCode.quantizeAll input bits)) = a := by
  unfold winsOk at h
  cases hnet : net.hidden with
  | nil => rw [hnet] at h; exact Bool.noConfusion h
  | cons l ls =>
    cases ls with
    | cons _ _ => rw [hnet] at h; exact Bool.noConfusion h
    | nil =>
      rw [hnet] at h
      simp only at h
      have c1 := all_cons h
      have c2 := all_cons c1.2
      have c3 := all_cons c2.2
      have c4 := all_cons c3.2
      have c5 := all_cons c4.2
      have c6 := all_cons c5.2
      have c7 := all_cons c6.2
      have c8 := all_cons c7.2
      have c9 := all_cons c8.2
      have c10 := all_cons c9.2
      have c11 := all_cons c10.2
      have c12 := all_cons c11.2
      have c13 := all_cons c12.2
      have c14 := all_cons c13.2
      have c15 := all_cons c14.2
      have c16 := all_cons c15.2
      have c17 := all_cons c16.2
      have c18 := all_cons c17.2
      have hin : input.length = p.pairing.dim := Nat.eq_of_beq_eq_true c8.1
      have hbox : box.length = p.pairing.dim := Nat.eq_of_beq_eq_true c9.1
      have hz127 := le_of_leqInt c11.1
      have root := Plan.at_root (Nat.le_of_ble_eq_true c1.1) (Nat.le_of_ble_eq_true c2.1) (of_decide_eq_true c6.1) hin hbox
        (fun i hi => allBelow_spec c14.1 i hi) hfin hx
      have hlen : bits.length = input.length := by rw [← length_f32Values, inBox_length hx, hbox, hin]
      have hqlen := length_quantizeAll hlen
      rcases hy with ⟨hs, hhid, hlast⟩
      have units := units_observed root rfl rfl hx hbox (by omega) (Nat.le_of_ble_eq_true c5.1) (Nat.le_of_ble_eq_true c3.1)
        (Nat.le_of_ble_eq_true c4.1) (le_of_leqInt c10.1) hz127 (of_decide_eq_true c7.1) net.mode c15.1 hhid
      have here : At p.pairing c p.scale p.fine p.coarse _ _ _ :=
        ⟨root.scale_eq, root.fine_pos, root.coarse_pos, hc, root.inv_pos, root.link, root.offset⟩
      have hrun : net.run (ObjectCode.quantizeAll input bits) =
          evalRows net.last (requantizeAll net.mode l l.scales (evalRows l.dense (ObjectCode.quantizeAll input bits) l.dense.rows)) net.last.rows := by
        unfold Network.run
        rw [hnet]
        rfl
      rw [hrun]
      have ha : a < net.last.rows.length := Nat.le_of_ble_eq_true c16.1
      have hrows : f.last.length = net.last.rows.length := Nat.eq_of_beq_eq_true c17.1
      have lay := floatLayer_at hlast
      have each : ∀ b, b ≠ a → b < net.last.rows.length →
          nth (evalRows net.last (requantizeAll net.mode l l.scales (evalRows l.dense (ObjectCode.quantizeAll input bits) l.dense.rows))
            net.last.rows) b <
          nth (evalRows net.last (requantizeAll net.mode l l.scales (evalRows l.dense (ObjectCode.quantizeAll input bits) l.dense.rows))
            net.last.rows) a ∧ nth y b < nth y a := by
        intro b hne hb
        have t := allBelow_spec c18.1 b hb
        have t2 : p.beatsOk box l f.hidden net.last (rowOf net.last.rows a) (rowOf net.last.rows b)
            (floatRowOf f.last a) (floatRowOf f.last b) (rank a b) = true := by
          cases e : Nat.beq b a with
          | true => exact absurd (Nat.eq_of_beq_eq_true e) hne
          | false => rw [e] at t; exact t
        rw [nth_evalRows hb, nth_evalRows ha]
        exact beats t2 here (Nat.le_of_ble_eq_true c4.1) (Nat.le_of_ble_eq_true c5.1) (Nat.le_of_ble_eq_true c3.1) units.1 units.2.2 hcell
          (lay.2 a (by omega)) (lay.2 b (by omega))
      refine ⟨argMax_unique (by omega) (fun b hne hb => (each b hne (by omega)).2), ?_⟩
      exact argMax_unique (by rw [length_evalRows]; exact ha) (fun b hne hb => (each b hne (by rw [length_evalRows] at hb; exact hb)).1)

/-- Every observation of the box has its codes in the root. -/
theorem winsOk_root {p : Plan} {net : Network} {input : List Feature} {f : FloatNetwork} {box : List Interval} {a : Nat}
    (h : p.winsOk net input f box a = true) : input.length = p.pairing.dim ∧
    (p.root.lo.length = p.pairing.dim ∧ p.root.hi.length = p.pairing.dim) ∧
    ∀ {bits : List Nat}, (∀ b ∈ bits, f32Exponent b < 255) → InBox box (f32Values bits) → bits.length = input.length ∧
      p.root.Holds p.pairing.dim (codeAt input (ObjectCode.quantizeAll input bits)) := by
  unfold winsOk at h
  cases hnet : net.hidden with
  | nil => rw [hnet] at h; exact Bool.noConfusion h
  | cons l ls =>
    cases ls with
    | cons _ _ => rw [hnet] at h; exact Bool.noConfusion h
    | nil =>
      rw [hnet] at h
      simp only at h
      have c1 := all_cons h
      have c2 := all_cons c1.2
      have c3 := all_cons c2.2
      have c4 := all_cons c3.2
      have c5 := all_cons c4.2
      have c6 := all_cons c5.2
      have c7 := all_cons c6.2
      have c8 := all_cons c7.2
      have c9 := all_cons c8.2
      have c10 := all_cons c9.2
      have c11 := all_cons c10.2
      have c12 := all_cons c11.2
      have c13 := all_cons c12.2
      have c14 := all_cons c13.2
      have hin : input.length = p.pairing.dim := Nat.eq_of_beq_eq_true c8.1
      have hbox : box.length = p.pairing.dim := Nat.eq_of_beq_eq_true c9.1
      refine ⟨hin, ⟨Nat.eq_of_beq_eq_true c12.1, Nat.eq_of_beq_eq_true c13.1⟩, ?_⟩
      intro bits hfin hx
      have root := Plan.at_root (Nat.le_of_ble_eq_true c1.1) (Nat.le_of_ble_eq_true c2.1) (of_decide_eq_true c6.1) hin hbox
        (fun i hi => allBelow_spec c14.1 i hi) hfin hx
      exact ⟨by rw [← length_f32Values, inBox_length hx, hbox, hin], root.codes⟩

end Plan

theorem length_cellOf {input : List Feature} {q : List Int} (h : q.length = input.length) : (cellOf input q).length = input.length := by
  induction input generalizing q with
  | nil => cases q <;> rfl
  | cons f fs ih => cases q with
    | nil => exact absurd h (by intro h; exact Nat.noConfusion h)
    | cons b bs => exact congrArg (· + 1) (ih (Nat.succ.inj h))

theorem entry_cellOf {input : List Feature} {q : List Int} (h : q.length = input.length) {i : Nat} (hi : i < input.length) :
    entry 0 (cellOf input q) i = Int.toNat (codeAt input q i) := by
  induction input generalizing q i with
  | nil => exact absurd hi (Nat.not_lt_zero i)
  | cons f fs ih => cases q with
    | nil => exact absurd h (by intro h; exact Nat.noConfusion h)
    | cons b bs => cases i with
      | zero => rfl
      | succ i => exact ih (Nat.succ.inj h) (Nat.lt_of_succ_lt_succ hi)

theorem between_of {lo hi v : List Nat} (h1 : hi.length = lo.length) (h2 : v.length = lo.length)
    (h : ∀ i, i < lo.length → entry 0 lo i ≤ entry 0 v i ∧ entry 0 v i ≤ entry 0 hi i) : Between lo hi v := by
  induction lo generalizing hi v with
  | nil => cases hi with
    | nil => cases v with
      | nil => trivial
      | cons _ _ => exact absurd h2 (by intro h; exact Nat.noConfusion h)
    | cons _ _ => exact absurd h1 (by intro h; exact Nat.noConfusion h)
  | cons l ls ih => cases hi with
    | nil => exact absurd h1 (by intro h; exact Nat.noConfusion h)
    | cons x xs => cases v with
      | nil => exact absurd h2 (by intro h; exact Nat.noConfusion h)
      | cons w ws =>
        exact ⟨h 0 (Nat.zero_lt_succ _), ih (Nat.succ.inj h1) (Nat.succ.inj h2) (fun i hi => h (i + 1) (Nat.succ_lt_succ hi))⟩

theorem eq_of_sameNats {as bs : List Nat} (h : winnersOk.sameNats as bs = true) : as = bs := by
  induction as generalizing bs with
  | nil => cases bs with
    | nil => rfl
    | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
  | cons a as ih => cases bs with
    | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons b bs =>
      have h' := and_split (a := Nat.beq a b) (b := winnersOk.sameNats as bs) h
      rw [Nat.eq_of_beq_eq_true h'.1, ih h'.2]

theorem winner_at {net : Network} {input : List Feature} {f : FloatNetwork} {box : List Interval} {root : Cell} {j : Nat}
    {ws : List Winner} (h : winnersOk net input f box root j ws = true) {a : Nat} {c : Cell} (ht : winnerTest ws a c = true) :
    ∃ p : Plan, p.winsOk net input f box (j + a) = true ∧ p.cellOk c 0 p.outputs = true := by
  induction ws generalizing j a with
  | nil => exact absurd ht (by intro h; exact Bool.noConfusion h)
  | cons w ws ih =>
    have h1 := and_split h
    cases a with
    | zero =>
      have h2 := and_split (and_split h1.1).1
      exact ⟨w.plan, h2.1, cellOk_of_fastOk h2.2 ht⟩
    | succ a =>
      have i := ih h1.2 ht
      have e : j + 1 + a = j + (a + 1) := by omega
      rw [e] at i
      exact i

/-- One action after another, each with theorems of its own. -/
theorem winnersOk_cons {net : Network} {input : List Feature} {f : FloatNetwork} {box : List Interval} {root : Cell} {a : Nat}
    {p : Plan} {c : Columns} {ws : List Winner} (hw : p.winsOk net input f box a = true) (hc : c.ok p = true)
    (hr : (winnersOk.sameNats p.root.lo root.lo && winnersOk.sameNats p.root.hi root.hi) = true)
    (rest : winnersOk net input f box root (a + 1) ws = true) : winnersOk net input f box root a (⟨p, c⟩ :: ws) = true := by
  show (((p.winsOk net input f box a && c.ok p) &&
    (winnersOk.sameNats p.root.lo root.lo && winnersOk.sameNats p.root.hi root.hi)) && winnersOk net input f box root (a + 1) ws) = true
  rw [hw, hc, hr, rest]
  rfl

/-- A certificate: for each action a plan and its columns, and a tree of cuts whose leaves pass. -/
theorem AlikeOn.of_ok {net : Network} {input : List Feature} {f : FloatNetwork} {box : List Interval} {root : Cell}
    {winner : Winner} {winners : List Winner} {t : Regions} {cells whole : Nat}
    (linked : winnersOk net input f box root 0 (winner :: winners) = true)
    (leaves : t.all (winnerTest (winner :: winners)) root.lo root.hi = true)
    (count : Nat.ble cells (t.cells root.lo root.hi) = true) (size : Nat.beq (cellsIn root.lo root.hi) whole = true) :
    AlikeOn net input f box root cells whole := by
  have l1 := and_split (and_split linked).1
  have l2 := and_split l1.2
  have first := Plan.winsOk_root (and_split l1.1).1
  have elo := eq_of_sameNats l2.1
  have ehi := eq_of_sameNats l2.2
  have lens : root.hi.length = root.lo.length := by rw [← elo, ← ehi, first.2.1.1, first.2.1.2]
  have dim : root.lo.length = input.length := by rw [← elo, first.2.1.1, first.1]
  have inside : ∀ bits : List Nat, (∀ b ∈ bits, f32Exponent b < 255) → InBox box (f32Values bits) →
      ∀ i, i < input.length → (root.low i ≤ codeAt input (ObjectCode.quantizeAll input bits) i ∧
        codeAt input (ObjectCode.quantizeAll input bits) i ≤ root.high i) ∧
        ((entry 0 (cellOf input (ObjectCode.quantizeAll input bits)) i : Nat) : Int) = codeAt input (ObjectCode.quantizeAll input bits) i := by
    intro bits hfin hx i hi
    have r := first.2.2 hfin hx
    have b := r.2 i (by rw [← first.1]; exact hi)
    unfold Cell.low Cell.high at b ⊢
    rw [elo, ehi] at b
    rw [entry_cellOf (length_quantizeAll r.1) hi]
    omega
  refine ⟨?_, ?_, t.names, ?_, ?_⟩
  · intro bits hfin hx
    have r := first.2.2 hfin hx
    refine between_of lens (by rw [length_cellOf (length_quantizeAll r.1), dim]) ?_
    intro i hi
    have b := inside bits hfin hx i (by omega)
    unfold Cell.low Cell.high at b
    omega
  · rw [countCells_true lens.symm]
    exact Nat.eq_of_beq_eq_true size
  · intro cell hcell bits hfin hx hcodes y hy
    have r := first.2.2 hfin hx
    have between : Between root.lo root.hi cell := by
      rw [← hcodes]
      refine between_of lens (by rw [length_cellOf (length_quantizeAll r.1), dim]) ?_
      intro i hi
      have b := inside bits hfin hx i (by omega)
      unfold Cell.low Cell.high at b
      omega
    rcases Regions.leaf_of_decided t between leaves hcell with ⟨a, c, _, hc, ht⟩
    rcases winner_at linked ht with ⟨p, hp, hok⟩
    have own := Plan.winsOk_root hp
    have holds : c.Holds p.pairing.dim (codeAt input (ObjectCode.quantizeAll input bits)) := by
      intro i hi
      have h1 := hc i (by rw [dim, own.1]; exact hi)
      have h2 := (inside bits hfin hx i (by rw [own.1]; exact hi)).2
      rw [hcodes] at h2
      unfold Cell.low Cell.high
      omega
    have w := Plan.wins hp hfin hx hy holds hok
    rw [w.1, w.2]
  · exact Nat.le_trans (Nat.le_of_ble_eq_true count) (Regions.cells_le t lens.symm leaves)

end TinyVerify
