import TinyVerify.Agreement.Order
import TinyVerify.Agreement.SidesThm
/-!
# From a tree of decided leaves to a share of the box

Main results: `Judge.wins` (on a half of a leaf that passes its check both networks take its action), `AlikeOn.of_ok`, the
theorem that a certificate instantiates.
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

theorem pair_of_pairsOk {c : Columns} {p : Pairing} {lo hi xl xh : List Nat} {slope lifted above apart live over : Nat} {halves : List Half}
    {r : Nat} {qs : List PairColumns} (h : pairsOk c p lo hi xl xh slope lifted above apart live over halves r qs = true) {i : Nat}
    (hi' : i < qs.length) : (entry noPair qs i).ok c p (r + i) lo hi xl xh slope lifted above apart live over halves = true := by
  induction qs generalizing r i with
  | nil => exact absurd hi' (Nat.not_lt_zero i)
  | cons q qs ih =>
    have h' := and_split h
    cases i with
    | zero => exact h'.1
    | succ i =>
      have e : r + (i + 1) = r + 1 + i := by omega
      rw [e]
      exact ih h'.2 (Nat.lt_of_succ_lt_succ hi')

theorem entry_beyond {α : Type} (d : α) {as : List α} {i : Nat} (h : as.length ≤ i) : entry d as i = d := by
  induction as generalizing i with
  | nil => rfl
  | cons a as ih => cases i with
    | zero => exact absurd h (Nat.not_succ_le_zero _)
    | succ i => exact ih (Nat.le_of_succ_le_succ h)

namespace Plan

/-- Every observation of the box has its codes in the root. -/
theorem ordersOk_root {p : Plan} {net : Network} {input : List Feature} {f : FloatNetwork} {box : List Interval} {actions : Nat}
    (h : p.ordersOk net input f box actions = true) : input.length = p.pairing.dim ∧
    (p.root.lo.length = p.pairing.dim ∧ p.root.hi.length = p.pairing.dim) ∧
    ∀ {bits : List Nat}, (∀ b ∈ bits, f32Exponent b < 255) → InBox box (f32Values bits) → bits.length = input.length ∧
      p.root.Holds p.pairing.dim (codeAt input (ObjectCode.quantizeAll input bits)) := by
  unfold ordersOk at h
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

namespace Judge

/-- Two actions on a half of a leaf that passes its check, in terms of the packed numbers. -/
theorem pair_at {j : Judge} (hold : j.pairsHold = true) {lo hi xl xh : List Nat} {slope lifted above apart live over : Nat}
    {halves : List Half} (h : pairsOk j.columns j.plan.pairing lo hi xl xh slope lifted above apart live over halves 0 j.pairs = true)
    {i k : Nat} (hik : i < k) (hk : k < j.actions) :
    ∃ q : PairColumns, q.holds j.columns j.plan i k (2 * (triangle k + i)) = true ∧
      q.ok j.columns j.plan.pairing (triangle k + i) lo hi xl xh slope lifted above apart live over halves = true := by
  have columns := allBelow_spec (allBelow_spec hold k hk) i hik
  rw [withNat_eq] at columns
  refine ⟨_, columns, ?_⟩
  have inside : triangle k + i < j.pairs.length := by
    rcases Nat.lt_or_ge (triangle k + i) j.pairs.length with h | h
    · exact h
    · rw [entry_beyond noPair h] at columns
      have second := Nat.eq_of_beq_eq_true (all_cons (all_cons columns).2).1
      exact absurd second (by show ¬ 0 = k; omega)
  have e := pair_of_pairsOk h inside
  rw [Nat.zero_add] at e
  exact e

/-- On a half of a leaf that passes its check both networks take the half's action. -/
theorem wins {j : Judge} {net : Network} {input : List Feature} {f : FloatNetwork} {box : List Interval}
    (h : j.plan.ordersOk net input f box j.actions = true) (hcol : j.columnsOk = true) (hpairs : j.pairsHold = true)
    {bits : List Nat} (hfin : ∀ b ∈ bits, f32Exponent b < 255)
    (hx : InBox box (f32Values bits)) {y : List Int} (hy : f.Computes (f32Values bits) y) {c : Cell}
    (hc : c.Holds j.plan.pairing.dim (codeAt input (ObjectCode.quantizeAll input bits))) {halves : List Half}
    (htest : j.test halves c = true) {a : Half} (ha : a ∈ halves)
    (side : a.limit ≤ sumTo (fun i => nth a.c i * codeAt input (ObjectCode.quantizeAll input bits) i) j.plan.pairing.dim) :
    argMax y = a.action ∧ argMax (net.run (ObjectCode.quantizeAll input bits)) = a.action := by
  unfold Plan.ordersOk at h
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
      have hin : input.length = j.plan.pairing.dim := Nat.eq_of_beq_eq_true c8.1
      have hbox : box.length = j.plan.pairing.dim := Nat.eq_of_beq_eq_true c9.1
      have hz127 := le_of_leqInt c11.1
      have root := Plan.at_root (Nat.le_of_ble_eq_true c1.1) (Nat.le_of_ble_eq_true c2.1) (of_decide_eq_true c6.1) hin hbox
        (fun i hi => allBelow_spec c14.1 i hi) hfin hx
      have hlen : bits.length = input.length := by rw [← length_f32Values, inBox_length hx, hbox, hin]
      have hqlen := length_quantizeAll hlen
      rcases hy with ⟨hs, hhid, hlast⟩
      have units := units_observed root rfl rfl hx hbox (by omega) (Nat.le_of_ble_eq_true c5.1) (Nat.le_of_ble_eq_true c3.1)
        (Nat.le_of_ble_eq_true c4.1) (le_of_leqInt c10.1) hz127 (of_decide_eq_true c7.1) net.mode c15.1 hhid
      have here : At j.plan.pairing c j.plan.scale j.plan.fine j.plan.coarse _ _ _ :=
        ⟨root.scale_eq, root.fine_pos, root.coarse_pos, hc, root.inv_pos, root.link, root.offset⟩
      have hrun : net.run (ObjectCode.quantizeAll input bits) =
          evalRows net.last (requantizeAll net.mode l l.scales (evalRows l.dense (ObjectCode.quantizeAll input bits) l.dense.rows)) net.last.rows := by
        unfold Network.run
        rw [hnet]
        rfl
      rw [hrun]
      have rows : net.last.rows.length = j.actions := Nat.eq_of_beq_eq_true c16.1
      have floats : f.last.length = j.actions := Nat.eq_of_beq_eq_true c17.1
      have lay := floatLayer_at hlast
      have t := and_split htest
      have known : a.action < j.actions := Nat.le_of_ble_eq_true (all_spec t.1 a ha)
      have holds : j.columns.Holds j.plan.pairing := (Columns.holds_of_ok (and_split hcol).1).1
      have fit := le_of_leqInt (and_split hcol).2
      rcases packed_of_withUnits holds t.2 with ⟨lens, xl, xh, slope, lifted, above, apart, live, over, packed, run⟩
      generalize requantizeAll net.mode l l.scales (evalRows l.dense (ObjectCode.quantizeAll input bits) l.dense.rows) = cs at *
      -- two actions, one of them the half's
      have pair : ∀ {i k : Nat} {down : Bool}, i < k → k < j.actions → a.action = cond down k i →
          sign down * (nth (evalRows net.last cs net.last.rows) k - nth (evalRows net.last cs net.last.rows) i) < 0 ∧
            sign down * (nth y k - nth y i) < 0 := by
        intro i k down hik hk hact
        rcases pair_at hpairs run hik hk with ⟨q, hold, ok⟩
        rw [nth_evalRows (show k < net.last.rows.length by omega), nth_evalRows (show i < net.last.rows.length by omega)]
        have ordered := allBelow_spec (allBelow_spec c18.1 k hk) i hik
        rw [withNat_eq] at ordered
        refine Plan.order (down := down) ordered here.scale_pos (Nat.le_of_ble_eq_true c4.1) (Nat.le_of_ble_eq_true c5.1)
          (Nat.le_of_ble_eq_true c3.1) units.1 units.2.2 ?_ (lay.2 i (by omega)) (lay.2 k (by omega))
        intro hv hs
        exact PairColumns.bounds packed lens hold ok ha hact hik fit hv hs here units.1 side
      have each : ∀ b, b ≠ a.action → b < j.actions →
          nth (evalRows net.last cs net.last.rows) b < nth (evalRows net.last cs net.last.rows) a.action ∧ nth y b < nth y a.action := by
        intro b hne hb
        rcases Nat.lt_or_ge a.action b with hlt | hge
        · have s : sign false = 1 := rfl
          have e := pair (down := false) hlt hb rfl
          rw [s] at e
          omega
        · have s : sign true = -1 := rfl
          have e := pair (down := true) (show b < a.action by omega) known rfl
          rw [s] at e
          omega
      refine ⟨argMax_unique (by omega) (fun b hne hb => (each b hne (by omega)).2), ?_⟩
      exact argMax_unique (by rw [length_evalRows]; omega) (fun b hne hb => (each b hne (by rw [length_evalRows] at hb; omega)).1)

end Judge

/-- A certificate: a plan, its columns, and a tree of cuts whose leaves pass. -/
theorem AlikeOn.of_ok {net : Network} {input : List Feature} {f : FloatNetwork} {box : List Interval} {j : Judge} {t : Regions}
    {cells whole : Nat} (orders : j.plan.ordersOk net input f box j.actions = true) (columns : j.columnsOk = true)
    (pairs : j.pairsHold = true) (leaves : t.all j.test j.plan.root.lo j.plan.root.hi = true)
    (count : Nat.ble cells (t.cells j.plan.root.lo j.plan.root.hi) = true)
    (size : Nat.beq (cellsIn j.plan.root.lo j.plan.root.hi) whole = true) :
    AlikeOn net input f box j.plan.root cells whole := by
  have own := Plan.ordersOk_root orders
  have lens : j.plan.root.hi.length = j.plan.root.lo.length := by rw [own.2.1.1, own.2.1.2]
  have dim : j.plan.root.lo.length = input.length := by rw [own.2.1.1, own.1]
  have inside : ∀ bits : List Nat, (∀ b ∈ bits, f32Exponent b < 255) → InBox box (f32Values bits) →
      ∀ i, i < input.length → (j.plan.root.low i ≤ codeAt input (ObjectCode.quantizeAll input bits) i ∧
        codeAt input (ObjectCode.quantizeAll input bits) i ≤ j.plan.root.high i) ∧
        ((entry 0 (cellOf input (ObjectCode.quantizeAll input bits)) i : Nat) : Int) = codeAt input (ObjectCode.quantizeAll input bits) i := by
    intro bits hfin hx i hi
    have r := own.2.2 hfin hx
    have b := r.2 i (by rw [← own.1]; exact hi)
    unfold Cell.low Cell.high at b ⊢
    rw [entry_cellOf (length_quantizeAll r.1) hi]
    omega
  refine ⟨?_, ?_, fun cell => t.names cell, ?_, ?_⟩
  · intro bits hfin hx
    have r := own.2.2 hfin hx
    refine between_of lens (by rw [length_cellOf (length_quantizeAll r.1), dim]) ?_
    intro i hi
    have b := inside bits hfin hx i (by omega)
    unfold Cell.low Cell.high at b
    omega
  · rw [countCells_true lens.symm]
    exact Nat.eq_of_beq_eq_true size
  · intro cell hcell bits hfin hx hcodes y hy
    have r := own.2.2 hfin hx
    have len : cell.length = input.length := by rw [← hcodes, length_cellOf (length_quantizeAll r.1)]
    have between : Between j.plan.root.lo j.plan.root.hi cell := by
      rw [← hcodes]
      refine between_of lens (by rw [length_cellOf (length_quantizeAll r.1), dim]) ?_
      intro i hi
      have b := inside bits hfin hx i (by omega)
      unfold Cell.low Cell.high at b
      omega
    rcases Regions.leaf_of_decided t between leaves hcell with ⟨halves, c, _, hc, some, htest⟩
    rcases half_of_someHolds some with ⟨a, ha, holds⟩
    have codes : ∀ i, i < j.plan.pairing.dim →
        ((entry 0 cell i : Nat) : Int) = codeAt input (ObjectCode.quantizeAll input bits) i := by
      intro i hi
      have e := (inside bits hfin hx i (by rw [own.1]; exact hi)).2
      rw [hcodes] at e
      exact e
    have here : c.Holds j.plan.pairing.dim (codeAt input (ObjectCode.quantizeAll input bits)) := by
      intro i hi
      have h1 := hc i (by rw [dim, own.1]; exact hi)
      have h2 := codes i hi
      unfold Cell.low Cell.high
      omega
    have side : a.limit ≤ planeAt a.c cell := of_decide_eq_true holds
    rw [planeAt_eq (show cell.length ≤ j.plan.pairing.dim by rw [len, own.1]; exact Nat.le.refl),
      sumTo_congr j.plan.pairing.dim (fun i hi => by rw [codes i hi])] at side
    have w := Judge.wins orders columns pairs hfin hx hy here htest ha side
    rw [w.1, w.2]
  · exact Nat.le_trans (Nat.le_of_ble_eq_true count) (Regions.cells_le t lens.symm leaves)

end TinyVerify
