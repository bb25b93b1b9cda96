import TinyVerify.Certified.Outputs
/-!
# A tree of cuts, and the claim

Main result: `LogitsWithin.of_cells`, for every observation of the box each int8 logit is within its bound of the float32 one.
-/
namespace TinyVerify

def Cell.Holds (c : Cell) (d : Nat) (n : Nat → Int) : Prop := ∀ i, i < d → c.low i ≤ n i ∧ n i ≤ c.high i

theorem entry_setEntry (v : Nat) (axis : Nat) (ms : List Nat) (i : Nat) :
    entry 0 (setEntry v axis ms) i = if i = axis then (if i < ms.length then v else 0) else entry 0 ms i := by
  induction ms generalizing axis i with
  | nil =>
    have e : setEntry v axis [] = [] := by cases axis <;> rfl
    have e2 : entry 0 ([] : List Nat) i = 0 := rfl
    have e3 : ¬ i < ([] : List Nat).length := Nat.not_lt_zero i
    rw [e, e2, if_neg e3]
    split <;> rfl
  | cons m ms ih =>
    have el : (m :: ms).length = ms.length + 1 := rfl
    cases axis with
    | zero =>
      cases i with
      | zero => rw [if_pos rfl, if_pos (by omega)]; rfl
      | succ i => rw [if_neg (by omega)]; rfl
    | succ axis =>
      cases i with
      | zero => rw [if_neg (by omega)]; rfl
      | succ i =>
        have h := ih axis i
        show entry 0 (setEntry v axis ms) i = _
        rw [h]
        by_cases hi : i = axis
        · rw [if_pos hi, if_pos (show i + 1 = axis + 1 by omega)]
          by_cases hl : i < ms.length
          · rw [if_pos hl, if_pos (show i + 1 < (m :: ms).length by omega)]
          · rw [if_neg hl, if_neg (show ¬ i + 1 < (m :: ms).length by omega)]
        · rw [if_neg hi, if_neg (show ¬ i + 1 = axis + 1 by omega)]
          rfl

theorem length_setEntry (v axis : Nat) (ms : List Nat) : (setEntry v axis ms).length = ms.length := by
  induction ms generalizing axis with
  | nil => cases axis <;> rfl
  | cons m ms ih => cases axis with
    | zero => rfl
    | succ axis => exact congrArg (· + 1) (ih axis)

theorem withSet_eq (n axis : Nat) (ms : List Nat) (g : List Nat → Bool) : withSet n axis ms g = g (setEntry n axis ms) := by
  induction ms generalizing axis g with
  | nil => cases axis <;> rfl
  | cons m ms ih => cases axis with
    | zero => rfl
    | succ axis => exact ih axis (fun ns => g (m :: ns))

/-- Every point of the box lies in a leaf that passes the test. -/
theorem Cuts.leaf_of_all {test : Cell → Bool} {d : Nat} {n : Nat → Int} (t : Cuts) {c : Cell} (hc : c.Holds d n)
    (hl : d ≤ c.lo.length ∧ d ≤ c.hi.length) (h : t.all test c = true) : ∃ c' : Cell, c'.Holds d n ∧ test c' = true := by
  induction t generalizing c with
  | leaf => exact ⟨c, hc, h⟩
  | split axis cut below above hb ha =>
    have h' := and_split h
    rw [withSet_eq, withNat_eq, withSet_eq] at h'
    by_cases hn : n axis ≤ cut
    · refine hb ?_ ?_ h'.1
      · intro i hi
        have hi' := hc i hi
        refine ⟨hi'.1, ?_⟩
        show n i ≤ ((entry 0 (setEntry cut axis c.hi) i : Nat) : Int)
        rw [entry_setEntry]
        by_cases he : i = axis
        · rw [if_pos he, if_pos (by omega), he]
          exact hn
        · rw [if_neg he]
          exact hi'.2
      · rw [length_setEntry]
        exact hl
    · refine ha ?_ ?_ h'.2
      · intro i hi
        have hi' := hc i hi
        refine ⟨?_, hi'.2⟩
        show ((entry 0 (setEntry (cut + 1) axis c.lo) i : Nat) : Int) ≤ n i
        rw [entry_setEntry]
        by_cases he : i = axis
        · rw [if_pos he, if_pos (by omega), he]
          omega
        · rw [if_neg he]
          exact hi'.1
      · rw [length_setEntry]
        exact hl

namespace Plan

theorem length_rows {p : Plan} {box : List Interval} {l : Hidden} {input : List Feature} {us : List Neuron} {rows : List Row}
    {ss : List Scale} {rs : List FloatRow} (h : p.unitsOk input box l us rows ss rs = true) (mode : Rounding) (q : List Int) :
    (requantizeAll mode l ss (evalRows l.dense q rows)).length = us.length := by
  induction us generalizing rows ss rs with
  | nil =>
    cases rows with
    | nil => cases ss <;> rfl
    | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
  | cons u us ih =>
    cases rows with
    | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons row rows => cases ss with
      | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
      | cons s ss => cases rs with
        | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
        | cons r rs => exact congrArg (· + 1) (ih (and_split h).2)

theorem length_weights {o : Output} {k : Nat} {us : List Neuron} {ws vs : List Int} (h : weightsOk o k us ws vs = true) :
    ws.length = us.length := by
  induction us generalizing ws vs with
  | nil => cases ws with
    | nil => rfl
    | cons _ _ => exact absurd h (by intro h; exact Bool.noConfusion h)
  | cons u us ih => cases ws with
    | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
    | cons w ws => cases vs with
      | nil => exact absurd h (by intro h; exact Bool.noConfusion h)
      | cons v vs => exact congrArg (· + 1) (ih (and_split h).2)

theorem outputs_within {p : Plan} {box : List Interval} {l : Hidden} {hidden : List FloatRow} {last : Dense}
    {c : Cell} {n' x' e' : Nat → Int} (hp : At p.pairing c p.scale p.fine p.coarse n' x' e') (hphi : 1 ≤ p.phi) (hz : l.zeroPoint ≤ 127)
    {cs hs : List Int} (ho : Observed p.pairing p.scale p.fine n' x' p.pairing.units
      (codesOut (p.scale * (p.pairing.rho * p.theta)) l.zeroPoint cs) (floatsOut p.phi hs))
    (hcs : CodesIn l.zeroPoint cs) (hlen : cs.length = p.pairing.units.length) (hreach : Reached p box p.pairing.units hidden hs)
    {k : Nat} {os : List Output} {rows : List Row} {rs : List FloatRow} {patterns : List Nat}
    (hok : p.outputsOk box l hidden last k os rows rs patterns = true) (hcell : p.cellOk c k os = true)
    {ys zs : List Int} (hy : floatLayer rs (positive hs) ys) (hl : LogitsOf (evalRows last cs rows) patterns zs) :
    Within (bounds os) zs ys := by
  induction os generalizing k rows rs patterns ys zs with
  | nil =>
    cases rows with
    | nil => cases rs with
      | nil => cases patterns with
        | nil =>
          cases ys with
          | nil => cases zs with
            | nil => trivial
            | cons _ _ => exact hl.elim
          | cons _ _ => exact hy.elim
        | cons _ _ => exact absurd hok (by intro h; exact Bool.noConfusion h)
      | cons _ _ => exact absurd hok (by intro h; exact Bool.noConfusion h)
    | cons _ _ => exact absurd hok (by intro h; exact Bool.noConfusion h)
  | cons o os ih =>
    cases rows with
    | nil => exact absurd hok (by intro h; exact Bool.noConfusion h)
    | cons row rows => cases rs with
      | nil => exact absurd hok (by intro h; exact Bool.noConfusion h)
      | cons r rs => cases patterns with
        | nil => exact absurd hok (by intro h; exact Bool.noConfusion h)
        | cons pattern patterns =>
          cases ys with
          | nil => exact hy.elim
          | cons y ys => cases zs with
            | nil => exact hl.elim
            | cons z zs =>
              have hok' := and_split hok
              have hcell' := and_split hcell
              have hc1 := and_split hcell'.1
              have hw := hok'.1
              unfold outputOk at hw
              have hw1 := length_weights (all_cons hw).1
              exact ⟨output_within hok'.1 hp hphi hz ho hcs (by omega) hreach (le_of_leqInt hc1.1) (le_of_leqInt hc1.2) hy.1 hl.1,
                ih hok'.2 hcell'.2 hy.2 hl.2⟩

end Plan

/-- A certificate that passes its check: for every observation of the box and whatever float32 arithmetic makes of it,
each int8 logit is within its bound of the float32 logit. -/
theorem LogitsWithin.of_cells {p : Plan} {net : Network} {input : List Feature} {scales : List Nat} {f : FloatNetwork}
    {box : List Interval} {t : Cuts} (hlink : p.linked net input scales f box = true) {test : Cell → Bool}
    (htest : ∀ c, test c = true → p.cellOk c 0 p.outputs = true) (h : t.all test p.root = true) :
    LogitsWithin net input scales f box (Plan.bounds p.outputs) := by
  intro bits hfin hx y hy z hz
  unfold Plan.linked at hlink
  cases hnet : net.hidden with
  | nil => rw [hnet] at hlink; exact Bool.noConfusion hlink
  | cons l ls =>
    cases ls with
    | cons _ _ => rw [hnet] at hlink; exact Bool.noConfusion hlink
    | nil =>
      rw [hnet] at hlink
      simp only at hlink
      have c1 := all_cons hlink
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
      have hin : input.length = p.pairing.dim := Nat.eq_of_beq_eq_true c8.1
      have hbox : box.length = p.pairing.dim := Nat.eq_of_beq_eq_true c9.1
      have hz127 := le_of_leqInt c12.1
      have root := Plan.at_root (Nat.le_of_ble_eq_true c1.1) (Nat.le_of_ble_eq_true c2.1) (of_decide_eq_true c6.1) hin hbox
        (fun i hi => allBelow_spec c13.1 i hi) hfin hx
      have hlen : bits.length = input.length := by rw [← length_f32Values, inBox_length hx, hbox, hin]
      have hqlen := length_quantizeAll hlen
      rcases hy with ⟨hs, hhid, hlast⟩
      have units := units_observed root rfl rfl hx hbox (by omega) (Nat.le_of_ble_eq_true c5.1) (Nat.le_of_ble_eq_true c3.1)
        (Nat.le_of_ble_eq_true c4.1) (le_of_leqInt c10.1) hz127 (of_decide_eq_true c7.1) net.mode c14.1 hhid
      rcases Cuts.leaf_of_all t (d := p.pairing.dim) root.codes ⟨Nat.le_of_ble_eq_true c16.1, Nat.le_of_ble_eq_true c17.1⟩ h with
        ⟨c, hc, hcell⟩
      have here : At p.pairing c p.scale p.fine p.coarse _ _ _ :=
        ⟨root.scale_eq, root.fine_pos, root.coarse_pos, hc, root.inv_pos, root.link, root.offset⟩
      have hrun : net.run (ObjectCode.quantizeAll input bits) =
          evalRows net.last (requantizeAll net.mode l l.scales (evalRows l.dense (ObjectCode.quantizeAll input bits) l.dense.rows)) net.last.rows := by
        unfold Network.run
        rw [hnet]
        rfl
      rw [hrun] at hz
      exact Plan.outputs_within here (Nat.le_of_ble_eq_true c4.1) hz127 units.1 units.2.1
        (Plan.length_rows c14.1 net.mode (ObjectCode.quantizeAll input bits)) units.2.2 c15.1 (htest c hcell) hlast hz

end TinyVerify
