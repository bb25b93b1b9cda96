import TinyVerify.Agreement.Sides
import TinyVerify.Certified.Outputs
/-!
# From a tree of decided leaves to a share of the box

Main results: `Plan.framesOk_root` (what a plan that passes its check says of every observation of the box), `HoldsOn.of_leaves`
(leaves that pass a test decide as many cells as they have).
-/
namespace TinyVerify

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

theorem planeAt_eq {c : List Int} {cell : List Nat} {d : Nat} (h : cell.length ≤ d) :
    planeAt c cell = sumTo (fun i => nth c i * ((entry 0 cell i : Nat) : Int)) d := by
  induction d generalizing c cell with
  | zero =>
    cases cell with
    | nil => cases c <;> rfl
    | cons _ _ => exact absurd h (Nat.not_succ_le_zero _)
  | succ d ih =>
    rw [sumTo_front]
    cases cell with
    | nil =>
      have z : sumTo (fun i => nth c (i + 1) * ((entry 0 ([] : List Nat) (i + 1) : Nat) : Int)) d = sumTo (fun _ => 0) d :=
        sumTo_congr d (fun i _ => Int.mul_zero _)
      have z0 : nth c 0 * ((entry 0 ([] : List Nat) 0 : Nat) : Int) = 0 := Int.mul_zero _
      have e : planeAt c [] = 0 := by cases c <;> rfl
      rw [e, z0, z, sumTo_zero]
      rfl
    | cons n ns => cases c with
      | nil =>
        have z : sumTo (fun i => nth ([] : List Int) (i + 1) * ((entry 0 (n :: ns) (i + 1) : Nat) : Int)) d = sumTo (fun _ => 0) d :=
          sumTo_congr d (fun i _ => Int.zero_mul _)
        have z0 : nth ([] : List Int) 0 * ((entry 0 (n :: ns) 0 : Nat) : Int) = 0 := Int.zero_mul _
        rw [z0, z, sumTo_zero]
        rfl
      | cons c cs =>
        show c * n + planeAt cs ns = _
        rw [ih (Nat.le_of_succ_le_succ h)]
        rfl

theorem half_of_someHolds {cell : List Nat} {halves : List Half} (h : someHolds cell halves = true) :
    ∃ a ∈ halves, a.holds cell = true := by
  induction halves with
  | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
  | cons b bs ih =>
    cases e : b.holds cell with
    | true => exact ⟨b, .head _, e⟩
    | false =>
      have h' : (b.holds cell || someHolds cell bs) = true := h
      rw [e] at h'
      rcases ih h' with ⟨a, ha, hh⟩
      exact ⟨a, .tail _ ha, hh⟩

/-- An observation of the box in both networks, as far as the hidden layer: its values `hs` in the float32 network. -/
structure Framed (p : Plan) (net : Network) (input : List Feature) (f : FloatNetwork) (box : List Interval) (bits : List Nat)
    (hs : List Int) (l : Hidden) : Prop where
  hidden : net.hidden = [l]
  rho : 1 ≤ p.pairing.rho
  theta : 1 ≤ p.theta
  phi : 1 ≤ p.phi
  length : (ObjectCode.quantizeAll input bits).length = p.pairing.dim
  root : At p.pairing p.root p.scale p.fine p.coarse (codeAt input (ObjectCode.quantizeAll input bits))
    (placeAt p (f32Values bits)) (gapAt input (ObjectCode.quantizeAll input bits) (f32Values bits))
  observed : Observed p.pairing p.scale p.fine (codeAt input (ObjectCode.quantizeAll input bits)) (placeAt p (f32Values bits))
    p.pairing.units (codesOut (p.scale * (p.pairing.rho * p.theta)) l.zeroPoint
      (requantizeAll net.mode l l.scales (evalRows l.dense (ObjectCode.quantizeAll input bits) l.dense.rows))) (floatsOut p.phi hs)
  reached : Reached p box p.pairing.units f.hidden hs
  run : net.run (ObjectCode.quantizeAll input bits) = evalRows net.last
    (requantizeAll net.mode l l.scales (evalRows l.dense (ObjectCode.quantizeAll input bits) l.dense.rows)) net.last.rows

namespace Framed

variable {p : Plan} {net : Network} {input : List Feature} {f : FloatNetwork} {box : List Interval} {bits : List Nat} {hs : List Int}
  {l : Hidden}

/-- On a box of codes that holds the observation's. -/
theorem here (h : Framed p net input f box bits hs l) {c : Cell}
    (hc : c.Holds p.pairing.dim (codeAt input (ObjectCode.quantizeAll input bits))) :
    At p.pairing c p.scale p.fine p.coarse (codeAt input (ObjectCode.quantizeAll input bits)) (placeAt p (f32Values bits))
      (gapAt input (ObjectCode.quantizeAll input bits) (f32Values bits)) :=
  ⟨h.root.scale_eq, h.root.fine_pos, h.root.coarse_pos, hc, h.root.inv_pos, h.root.link, h.root.offset⟩

end Framed

namespace Plan

/-- The codes of every observation of the box lie in the root. -/
theorem framesOk_root {p : Plan} {net : Network} {input : List Feature} {f : FloatNetwork} {box : List Interval}
    (h : p.framesOk net input f box = true) : input.length = p.pairing.dim ∧
    (p.root.lo.length = p.pairing.dim ∧ p.root.hi.length = p.pairing.dim) ∧
    (∀ {bits : List Nat}, (∀ b ∈ bits, f32Exponent b < 255) → InBox box (f32Values bits) → bits.length = input.length ∧
      p.root.Holds p.pairing.dim (codeAt input (ObjectCode.quantizeAll input bits))) ∧
    ∀ {bits : List Nat}, (∀ b ∈ bits, f32Exponent b < 255) → InBox box (f32Values bits) →
      ∀ hs, floatLayer f.hidden (f32Values bits) hs → ∃ l, Framed p net input f box bits hs l := by
  unfold framesOk at h
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
      have hin : input.length = p.pairing.dim := Nat.eq_of_beq_eq_true c8.1
      have hbox : box.length = p.pairing.dim := Nat.eq_of_beq_eq_true c9.1
      have root : ∀ {bits : List Nat}, (∀ b ∈ bits, f32Exponent b < 255) → InBox box (f32Values bits) →
          bits.length = input.length ∧ At p.pairing p.root p.scale p.fine p.coarse (codeAt input (ObjectCode.quantizeAll input bits))
            (placeAt p (f32Values bits)) (gapAt input (ObjectCode.quantizeAll input bits) (f32Values bits)) := by
        intro bits hfin hx
        exact ⟨by rw [← length_f32Values, inBox_length hx, hbox, hin], Plan.at_root (Nat.le_of_ble_eq_true c1.1)
          (Nat.le_of_ble_eq_true c2.1) (of_decide_eq_true c6.1) hin hbox (fun i hi => allBelow_spec c14.1 i hi) hfin hx⟩
      refine ⟨hin, ⟨Nat.eq_of_beq_eq_true c12.1, Nat.eq_of_beq_eq_true c13.1⟩, ?_, ?_⟩
      · intro bits hfin hx
        exact ⟨(root hfin hx).1, (root hfin hx).2.codes⟩
      · intro bits hfin hx hs hhid
        have r := root hfin hx
        have hqlen := length_quantizeAll r.1
        have units := units_observed r.2 rfl rfl hx hbox (by omega) (Nat.le_of_ble_eq_true c5.1) (Nat.le_of_ble_eq_true c3.1)
          (Nat.le_of_ble_eq_true c4.1) (le_of_leqInt c10.1) (le_of_leqInt c11.1) (of_decide_eq_true c7.1) net.mode c15.1 hhid
        refine ⟨l, hnet, Nat.le_of_ble_eq_true c5.1, Nat.le_of_ble_eq_true c3.1, Nat.le_of_ble_eq_true c4.1, by omega, r.2,
          units.1, units.2.2, ?_⟩
        unfold Network.run
        rw [hnet]
        rfl

end Plan

/-- A certificate: a plan, and a tree of cuts whose leaves pass a test from which `good` follows. -/
theorem HoldsOn.of_leaves {good : List Nat → Prop} {net : Network} {input : List Feature} {f : FloatNetwork} {box : List Interval}
    {p : Plan} {test : List Half → Cell → Bool} {t : Regions} {cells whole : Nat} (frames : p.framesOk net input f box = true)
    (decides : ∀ {bits : List Nat}, (∀ b ∈ bits, f32Exponent b < 255) → InBox box (f32Values bits) → ∀ {c : Cell},
      c.Holds p.pairing.dim (codeAt input (ObjectCode.quantizeAll input bits)) → ∀ {halves : List Half}, test halves c = true →
      ∀ {a : Half}, a ∈ halves → a.limit ≤ sumTo (fun i => nth a.c i * codeAt input (ObjectCode.quantizeAll input bits) i) p.pairing.dim →
      good bits) (leaves : t.all test p.root.lo p.root.hi = true)
    (count : Nat.ble cells (t.cells p.root.lo p.root.hi) = true) (size : Nat.beq (cellsIn p.root.lo p.root.hi) whole = true) :
    HoldsOn good input box p.root cells whole := by
  have own := Plan.framesOk_root frames
  have lens : p.root.hi.length = p.root.lo.length := by rw [own.2.1.1, own.2.1.2]
  have dim : p.root.lo.length = input.length := by rw [own.2.1.1, own.1]
  have inside : ∀ bits : List Nat, (∀ b ∈ bits, f32Exponent b < 255) → InBox box (f32Values bits) →
      ∀ i, i < input.length → (p.root.low i ≤ codeAt input (ObjectCode.quantizeAll input bits) i ∧
        codeAt input (ObjectCode.quantizeAll input bits) i ≤ p.root.high i) ∧
        ((entry 0 (cellOf input (ObjectCode.quantizeAll input bits)) i : Nat) : Int) = codeAt input (ObjectCode.quantizeAll input bits) i := by
    intro bits hfin hx i hi
    have r := own.2.2.1 hfin hx
    have b := r.2 i (by rw [← own.1]; exact hi)
    unfold Cell.low Cell.high at b ⊢
    rw [entry_cellOf (length_quantizeAll r.1) hi]
    omega
  refine ⟨?_, ?_, fun cell => t.names cell, ?_, ?_⟩
  · intro bits hfin hx
    have r := own.2.2.1 hfin hx
    refine between_of lens (by rw [length_cellOf (length_quantizeAll r.1), dim]) ?_
    intro i hi
    have b := inside bits hfin hx i (by omega)
    unfold Cell.low Cell.high at b
    omega
  · rw [countCells_true lens.symm]
    exact Nat.eq_of_beq_eq_true size
  · intro cell hcell bits hfin hx hcodes
    have r := own.2.2.1 hfin hx
    have len : cell.length = input.length := by rw [← hcodes, length_cellOf (length_quantizeAll r.1)]
    have between : Between p.root.lo p.root.hi cell := by
      rw [← hcodes]
      refine between_of lens (by rw [length_cellOf (length_quantizeAll r.1), dim]) ?_
      intro i hi
      have b := inside bits hfin hx i (by omega)
      unfold Cell.low Cell.high at b
      omega
    rcases Regions.leaf_of_decided t between leaves hcell with ⟨halves, c, _, hc, some, htest⟩
    rcases half_of_someHolds some with ⟨a, ha, holds⟩
    have codes : ∀ i, i < p.pairing.dim →
        ((entry 0 cell i : Nat) : Int) = codeAt input (ObjectCode.quantizeAll input bits) i := by
      intro i hi
      have e := (inside bits hfin hx i (by rw [own.1]; exact hi)).2
      rw [hcodes] at e
      exact e
    have here : c.Holds p.pairing.dim (codeAt input (ObjectCode.quantizeAll input bits)) := by
      intro i hi
      have h1 := hc i (by rw [dim, own.1]; exact hi)
      have h2 := codes i hi
      unfold Cell.low Cell.high
      omega
    have side : a.limit ≤ planeAt a.c cell := of_decide_eq_true holds
    rw [planeAt_eq (show cell.length ≤ p.pairing.dim by rw [len, own.1]; exact Nat.le.refl),
      sumTo_congr p.pairing.dim (fun i hi => by rw [codes i hi])] at side
    exact decides hfin hx here htest ha side
  · exact Nat.le_trans (Nat.le_of_ble_eq_true count) (Regions.cells_le t lens.symm leaves)

end TinyVerify
