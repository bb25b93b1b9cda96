import TinyVerify.Agreement.Order
import TinyVerify.Agreement.Share
import TinyVerify.Agreement.SidesThm
/-!
# The actions of discrete policies on a share of the box

Main results: `Judge.wins` (on a half of a leaf that passes its check both networks take its action), `AlikeOn.of_ok`, the
theorem that a certificate instantiates.
-/
namespace TinyVerify

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
  have h0 := and_split h
  rcases hy with ⟨hs, hhid, hlast⟩
  rcases (Plan.framesOk_root h0.1).2.2.2 hfin hx hs hhid with ⟨l, fr⟩
  have h1 := h0.2
  rw [fr.hidden] at h1
  simp only at h1
  have c16 := all_cons h1
  have c17 := all_cons c16.2
  have c18 := all_cons c17.2
  have here := fr.here hc
  have observed := fr.observed
  rw [fr.run]
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
    refine Plan.order (down := down) ordered here.scale_pos fr.phi fr.rho
      fr.theta observed fr.reached ?_ (lay.2 i (by omega)) (lay.2 k (by omega))
    intro hv hs
    exact PairColumns.bounds packed lens hold ok ha hact hik fit hv hs here observed side
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
  refine HoldsOn.of_leaves (and_split orders).1 ?_ leaves count size
  intro bits hfin hx c hc halves htest a ha side y hy
  have w := Judge.wins orders columns pairs hfin hx hy hc htest ha side
  rw [w.1, w.2]

end TinyVerify
