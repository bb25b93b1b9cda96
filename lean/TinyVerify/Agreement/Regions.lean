import TinyVerify.Agreement.Tail
/-!
# A tree of cuts with actions on the sides of planes

A leaf names an action where `limit ≤ c . n`, and perhaps another one beyond a parallel plane; what lies between is
undecided, and so are leaves that name nothing. Cells are counted by `aboveCount` and `sidesCount`, never one by one.
Main results: `Regions.cells_le` (what the leaves have is at most what the box has of decided cells),
`Regions.leaf_of_decided` (a decided cell lies in a leaf that passed its test).
-/
namespace TinyVerify

/-- On cells `limit ≤ c . n` both networks take the action. `multipliers`: for every pair of actions how much of
`c . n - limit` is added to a bound, of int8 accumulators and of float32 logits; any natural numbers are sound. -/
structure Half where
  c : List Int
  limit : Int
  action : Nat
  multipliers : List (Nat × Nat)

/-- Cuts of a box of codes, with actions on one side of a plane or on two. -/
inductive Regions where
  | undecided
  | leaf (halves : List Half)
  /-- Codes `n axis ≤ cut`, and the others. -/
  | split (axis cut : Nat) (below above : Regions)

def Half.holds (h : Half) (cell : List Nat) : Bool := aboveTest h.c h.limit cell

/-- `c = -e` -/
def opposite : List Int → List Int → Bool
  | c :: cs, e :: es => decide (c + e = 0) && opposite cs es
  | [], [] => true
  | _, _ => false

/-- One half, or two that have no cell in common, of `dim` inputs. -/
def halvesOk (dim : Nat) : List Half → Bool
  | [h] => Nat.beq h.c.length dim
  | [h, g] => Nat.beq h.c.length dim && (opposite h.c g.c && decide (-g.limit < h.limit))
  | _ => false

def halvesCells (lo hi : List Nat) : List Half → Nat
  | [h] => aboveCount h.c lo hi h.limit
  | [h, g] => sidesCount h.c lo hi (-g.limit) h.limit
  | _ => 0

/-- Some half holds the cell. -/
def someHolds (cell : List Nat) : List Half → Bool
  | [] => false
  | h :: hs => h.holds cell || someHolds cell hs

namespace Regions

/-- `test` on every leaf that names actions. -/
def all (test : List Half → Cell → Bool) (lo hi : List Nat) : Regions → Bool
  | undecided => true
  | leaf halves => halvesOk lo.length halves && test halves ⟨lo, hi⟩
  | split axis cut below above => cutOk axis cut lo hi &&
    ((withSet cut axis hi fun hi => below.all test lo hi) &&
      (withNat (cut + 1) fun next => withSet next axis lo fun lo => above.all test lo hi))

/-- How many cells the leaves' halves have. -/
def cells (lo hi : List Nat) : Regions → Nat
  | undecided => 0
  | leaf halves => halvesCells lo hi halves
  | split axis cut below above =>
    below.cells lo (setEntry cut axis hi) + above.cells (setEntry (cut + 1) axis lo) hi

/-- The tree names an action at this cell. -/
def names (cell : List Nat) : Regions → Bool
  | undecided => false
  | leaf halves => someHolds cell halves
  | split axis cut below above => if entry 0 cell axis ≤ cut then below.names cell else above.names cell

end Regions

theorem opposite_planeAt {c e : List Int} (h : opposite c e = true) (cell : List Nat) : planeAt e cell = -planeAt c cell := by
  induction c generalizing e cell with
  | nil => cases e with
    | nil => cases cell <;> rfl
    | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
  | cons c cs ih => cases e with
    | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons e es => cases cell with
      | nil => rfl
      | cons n ns =>
        have h' := and_split h
        have s : c + e = 0 := of_decide_eq_true h'.1
        have i := ih h'.2 ns
        have t : e = -c := by omega
        show e * n + planeAt es ns = -(c * n + planeAt cs ns)
        rw [i, t, Int.neg_mul]
        omega

theorem between_length {lo hi v : List Nat} (h : Between lo hi v) : v.length = lo.length := by
  induction lo generalizing hi v with
  | nil => cases hi with
    | nil => cases v with
      | nil => rfl
      | cons _ _ => exact h.elim
    | cons _ _ => exact h.elim
  | cons l ls ih => cases hi with
    | nil => exact h.elim
    | cons x xs => cases v with
      | nil => exact h.elim
      | cons w ws => exact congrArg (· + 1) (ih h.2)

theorem halvesCells_eq {lo hi : List Nat} (hl : lo.length = hi.length) {halves : List Half} (h : halvesOk lo.length halves = true) :
    halvesCells lo hi halves = countCells (fun cell => someHolds cell halves) lo hi := by
  cases halves with
  | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
  | cons a as => cases as with
    | nil =>
      show aboveCount a.c lo hi a.limit = _
      rw [aboveCount_eq (Nat.eq_of_beq_eq_true h) hl]
      apply countCells_congr hl
      intro v _
      show aboveTest a.c a.limit v = (aboveTest a.c a.limit v || false)
      rw [Bool.or_false]
    | cons b bs => cases bs with
      | nil =>
        have h1 := and_split h
        have h2 := and_split h1.2
        show sidesCount a.c lo hi (-b.limit) a.limit = _
        rw [sidesCount_eq (Nat.eq_of_beq_eq_true h1.1) hl (of_decide_eq_true h2.2)]
        apply countCells_congr hl
        intro v _
        show (aboveTest a.c a.limit v || belowTest a.c (-b.limit) v) = (aboveTest a.c a.limit v || (aboveTest b.c b.limit v || false))
        have e : belowTest a.c (-b.limit) v = aboveTest b.c b.limit v := by
          unfold belowTest aboveTest
          rw [opposite_planeAt h2.1 v]
          apply Bool.eq_iff_iff.mpr
          rw [decide_eq_true_iff, decide_eq_true_iff]
          omega
        rw [Bool.or_false, e]
      | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)

namespace Regions

/-- What the leaves have is no more than the decided cells of the box. -/
theorem cells_le {test : List Half → Cell → Bool} (t : Regions) {lo hi : List Nat} (hl : lo.length = hi.length)
    (h : t.all test lo hi = true) : t.cells lo hi ≤ countCells (fun cell => t.names cell) lo hi := by
  induction t generalizing lo hi with
  | undecided => exact Nat.zero_le _
  | leaf halves =>
    show halvesCells lo hi halves ≤ _
    rw [halvesCells_eq hl (and_split h).1]
    exact Nat.le_refl _
  | split axis cut below above hb ha =>
    have h1 := and_split h
    have h2 := and_split h1.2
    rw [withSet_eq, withNat_eq, withSet_eq] at h2
    have g := and_split h1.1
    have g1 := and_split g.1
    have a1 := Nat.le_of_ble_eq_true g1.1
    have a2 := Nat.le_of_ble_eq_true g1.2
    have b := hb (by rw [length_setEntry]; exact hl) h2.1
    have a := ha (by rw [length_setEntry]; exact hl) h2.2
    have eb : countCells (fun cell => (split axis cut below above).names cell) lo (setEntry cut axis hi) =
        countCells (fun cell => below.names cell) lo (setEntry cut axis hi) := by
      apply countCells_congr (by rw [length_setEntry]; exact hl)
      intro v hv
      have e := (between_entry hv (show axis < lo.length from a1)).2
      rw [entry_setEntry, if_pos rfl, if_pos (show axis < hi.length from a2)] at e
      show (if entry 0 v axis ≤ cut then below.names v else above.names v) = below.names v
      rw [if_pos e]
    have ea : countCells (fun cell => (split axis cut below above).names cell) (setEntry (cut + 1) axis lo) hi =
        countCells (fun cell => above.names cell) (setEntry (cut + 1) axis lo) hi := by
      apply countCells_congr (by rw [length_setEntry]; exact hl)
      intro v hv
      have e := (between_entry hv (show axis < (setEntry (cut + 1) axis lo).length by rw [length_setEntry]; exact a1)).1
      rw [entry_setEntry, if_pos rfl, if_pos (show axis < lo.length from a1)] at e
      show (if entry 0 v axis ≤ cut then below.names v else above.names v) = above.names v
      rw [if_neg (by omega)]
    rw [countCells_cut _ h1.1, eb, ea]
    exact Nat.add_le_add b a

/-- A decided cell of the box lies in a leaf that passed its test, in one of its halves. -/
theorem leaf_of_decided {test : List Half → Cell → Bool} (t : Regions) {lo hi cell : List Nat} (hc : Between lo hi cell)
    (h : t.all test lo hi = true) (hd : t.names cell = true) :
    ∃ halves : List Half, ∃ c : Cell, (c.lo.length = lo.length ∧ c.hi.length = hi.length) ∧ (∀ i, i < lo.length →
      entry 0 c.lo i ≤ entry 0 cell i ∧ entry 0 cell i ≤ entry 0 c.hi i) ∧ someHolds cell halves = true ∧ test halves c = true := by
  have hi' : ∀ i, i < lo.length → entry 0 lo i ≤ entry 0 cell i ∧ entry 0 cell i ≤ entry 0 hi i :=
    fun i hi => between_entry hc hi
  clear hc
  induction t generalizing lo hi with
  | undecided => exact Bool.noConfusion hd
  | leaf halves => exact ⟨halves, ⟨lo, hi⟩, ⟨rfl, rfl⟩, hi', hd, (and_split h).2⟩
  | split axis cut below above hb ha =>
    have h1 := and_split h
    have h2 := and_split h1.2
    rw [withSet_eq, withNat_eq, withSet_eq] at h2
    have g := and_split h1.1
    have g1 := and_split g.1
    have a1 := Nat.le_of_ble_eq_true g1.1
    have a2 := Nat.le_of_ble_eq_true g1.2
    have e : (split axis cut below above).names cell = if entry 0 cell axis ≤ cut then below.names cell else above.names cell := rfl
    rw [e] at hd
    by_cases hn : entry 0 cell axis ≤ cut
    · rw [if_pos hn] at hd
      have b := hb h2.1 hd (by
        intro i hi
        have := hi' i hi
        rw [entry_setEntry]
        by_cases he : i = axis
        · rw [if_pos he, if_pos (by omega), he]
          rw [he] at this
          exact ⟨this.1, hn⟩
        · rw [if_neg he]
          exact this)
      rcases b with ⟨a, c, hl, hx, ht⟩
      rw [length_setEntry] at hl
      exact ⟨a, c, hl, hx, ht⟩
    · rw [if_neg hn] at hd
      have b := ha h2.2 hd (by
        intro i hi
        rw [length_setEntry] at hi
        have := hi' i hi
        rw [entry_setEntry]
        by_cases he : i = axis
        · rw [if_pos he, if_pos (by omega), he]
          rw [he] at this
          exact ⟨by omega, this.2⟩
        · rw [if_neg he]
          exact this)
      rcases b with ⟨a, c, hl, hx, ht⟩
      rw [length_setEntry] at hl hx
      exact ⟨a, c, hl, hx, ht⟩

/-- The parts of a cut, each with a theorem of its own. -/
theorem all_split {test : List Half → Cell → Bool} {axis cut : Nat} {below above : Regions} {lo hi lo' hi' : List Nat}
    (h : cutOk axis cut lo hi = true) (hb : setEntry cut axis hi = hi') (ha : setEntry (cut + 1) axis lo = lo')
    (b : below.all test lo hi' = true) (a : above.all test lo' hi = true) :
    (split axis cut below above).all test lo hi = true := by
  show (cutOk axis cut lo hi && ((withSet cut axis hi fun hi => below.all test lo hi) &&
    (withNat (cut + 1) fun next => withSet next axis lo fun lo => above.all test lo hi))) = true
  rw [withSet_eq, withNat_eq, withSet_eq, h, hb, ha, b, a]
  rfl

end Regions

end TinyVerify
