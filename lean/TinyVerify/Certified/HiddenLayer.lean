import TinyVerify.Certified.HiddenUnit
import TinyVerify.Certified.Link
import TinyVerify.Certified.Unit
/-!
# What all hidden units compute, in both networks

Main result: `units_observed`, the hidden values of both networks are what `Observed` speaks about.
-/
namespace TinyVerify

/-- Hidden codes in the unit of `t`. -/
def codesOut (big zp : Int) : List Int → List Int
  | [] => []
  | c :: cs => big * (c - zp) :: codesOut big zp cs

/-- float32 hidden values in the unit of `g`. -/
def floatsOut (phi : Int) : List Int → List Int
  | [] => []
  | h :: hs => phi * (f32One * max h 0) :: floatsOut phi hs

def CodesIn (zp : Int) (cs : List Int) : Prop := ∀ c ∈ cs, zp ≤ c ∧ c ≤ 127

/-- Every hidden float32 value is at most its reach. -/
def Reached (p : Plan) (box : List Interval) : List Neuron → List FloatRow → List Int → Prop
  | u :: us, r :: rs, h :: hs => max h 0 ≤ p.hiddenReach box u r ∧ Reached p box us rs hs
  | [], [], [] => True
  | _, _, _ => False

theorem tValue_acc (p : Plan) {input : List Feature} {q : List Int} (hq : q.length ≤ p.pairing.dim) {u : Neuron} {bias : Int}
    (h0 : u.acc0 = bias + sumTo (fun i => nth u.w i * ((Plan.feature input i).zeroPoint - 255)) p.pairing.dim) :
    At.tValue p.pairing p.scale (codeAt input q) u = p.scale * (p.pairing.rho * (u.m * accumulate bias u.w q)) := by
  unfold At.tValue Pairing.tBase accumulate
  have e1 : sumTo (fun i => p.pairing.tCode u i * codeAt input q i) p.pairing.dim =
      p.pairing.rho * (u.m * sumTo (fun i => nth u.w i * nth q i) p.pairing.dim) +
      -(p.pairing.rho * u.m) * sumTo (fun i => nth u.w i * ((Plan.feature input i).zeroPoint - 255)) p.pairing.dim := by
    rw [← sumTo_mul u.m, ← sumTo_mul (p.pairing.rho : Int), ← sumTo_mul, ← sumTo_add]
    apply sumTo_congr
    intro i _
    unfold Pairing.tCode codeAt
    have f : nth q i - (Plan.feature input i).zeroPoint + 255 = nth q i - ((Plan.feature input i).zeroPoint - 255) := by omega
    rw [f, Int.mul_sub, Int.neg_mul]
    have f1 : (p.pairing.rho : Int) * (u.m * nth u.w i) * nth q i = p.pairing.rho * (u.m * (nth u.w i * nth q i)) := by ac_rfl
    have f2 : (p.pairing.rho : Int) * (u.m * nth u.w i) * ((Plan.feature input i).zeroPoint - 255) =
      p.pairing.rho * u.m * (nth u.w i * ((Plan.feature input i).zeroPoint - 255)) := by ac_rfl
    omega
  rw [e1, h0, sum_products_sumTo u.w q hq]
  generalize sumTo (fun i => nth u.w i * nth q i) p.pairing.dim = a
  generalize sumTo (fun i => nth u.w i * ((Plan.feature input i).zeroPoint - 255)) p.pairing.dim = b
  rw [Int.mul_add u.m, Int.mul_add u.m, Int.mul_add (p.pairing.rho : Int), Int.mul_add (p.pairing.rho : Int), Int.neg_mul, Int.mul_assoc]
  congr 1
  omega

theorem gValue_exact (p : Plan) {x : List Int} (hx : x.length ≤ p.pairing.dim) {u : Neuron} {r : FloatRow}
    (hg : ∀ i, i < p.pairing.dim → (p.fine : Int) * nth u.g i = p.phi * nth r.weights i)
    (h0 : p.scale * u.gb = p.phi * (f32One * r.bias) - p.scale * sumTo (fun i => nth u.g i * p.startAt i) p.pairing.dim) :
    At.gValue p.pairing p.scale p.fine (placeAt p x) u = p.phi * r.exact x := by
  have e : r.exact x = f32One * r.bias + sumTo (fun i => nth r.weights i * nth x i) p.pairing.dim := by
    rw [← sum_products_sumTo r.weights x hx]
    rfl
  have e1 : sumTo (fun i => (p.fine : Int) * (nth u.g i * placeAt p x i)) p.pairing.dim =
      p.phi * sumTo (fun i => nth r.weights i * nth x i) p.pairing.dim +
      p.scale * sumTo (fun i => nth u.g i * p.startAt i) p.pairing.dim := by
    rw [← sumTo_mul, ← sumTo_mul, ← sumTo_add]
    apply sumTo_congr
    intro i hi
    unfold placeAt Plan.scale
    rw [Int.mul_add, Int.mul_add]
    have f1 : (p.fine : Int) * (nth u.g i * nth x i) = (p.fine : Int) * nth u.g i * nth x i := by ac_rfl
    have f2 : (p.fine : Int) * (nth u.g i * (p.coarse * p.startAt i)) = (p.fine : Int) * p.coarse * (nth u.g i * p.startAt i) := by ac_rfl
    rw [f1, f2, hg i hi, Int.mul_assoc]
  unfold At.gValue
  rw [e1, h0, e, Int.mul_add]
  omega

theorem units_observed {p : Plan} {input : List Feature} {box : List Interval} {l : Hidden} {q x : List Int}
    {n' x' e' : Nat → Int} (hroot : At p.pairing p.root p.scale p.fine p.coarse n' x' e')
    (hn : n' = codeAt input q) (hxp : x' = placeAt p x)
    (hx : InBox box x) (hbox : box.length = p.pairing.dim) (hq : q.length ≤ p.pairing.dim)
    (hrho : 1 ≤ p.pairing.rho) (htheta : 1 ≤ p.theta) (hphi : 1 ≤ p.phi) (ht : 4 * p.terms ≤ 16777216)
    (hz : l.zeroPoint ≤ 127) (hcap : p.pairing.cap = p.pairing.rho * p.theta * (127 - l.zeroPoint)) (mode : Rounding) {us : List Neuron} {rows : List Row} {ss : List Scale} {rs : List FloatRow} {hs : List Int}
    (hok : p.unitsOk input box l us rows ss rs = true) (hf : floatLayer rs x hs) :
    Observed p.pairing p.scale p.fine n' x' us
      (codesOut (p.scale * (p.pairing.rho * p.theta)) l.zeroPoint (requantizeAll mode l ss (evalRows l.dense q rows))) (floatsOut p.phi hs) ∧
    CodesIn l.zeroPoint (requantizeAll mode l ss (evalRows l.dense q rows)) ∧ Reached p box us rs hs := by
  induction us generalizing rows ss rs hs with
  | nil =>
    cases rows with
    | nil => cases ss with
      | nil => cases rs with
        | nil => cases hs with
          | nil => exact ⟨trivial, (by intro c hc; cases hc), trivial⟩
          | cons _ _ => exact hf.elim
        | cons _ _ => exact absurd hok (by intro h; exact Bool.noConfusion h)
      | cons _ _ => exact absurd hok (by intro h; exact Bool.noConfusion h)
    | cons _ _ => exact absurd hok (by intro h; exact Bool.noConfusion h)
  | cons u us ih =>
    cases rows with
    | nil => exact absurd hok (by intro h; exact Bool.noConfusion h)
    | cons row rows => cases ss with
      | nil => exact absurd hok (by intro h; exact Bool.noConfusion h)
      | cons s ss => cases rs with
        | nil => exact absurd hok (by intro h; exact Bool.noConfusion h)
        | cons r rs => cases hs with
          | nil => exact hf.elim
          | cons h hs =>
            have hok' := and_split hok
            have i := ih hok'.2 hf.2
            have ho := hok'.1
            unfold Plan.unitOk at ho
            have h1 := all_cons ho
            have h2 := all_cons h1.2
            have h3 := all_cons h2.2
            have h4 := all_cons h3.2
            have h5 := all_cons h4.2
            have h6 := all_cons h5.2
            have h7 := all_cons h6.2
            have h8 := all_cons h7.2
            have h9 := all_cons h8.2
            have tv := tValue_acc p hq (of_decide_eq_true h4.1)
            rw [← hn] at tv
            have gv := gValue_exact p (show x.length ≤ p.pairing.dim by rw [inBox_length hx, hbox]; exact Nat.le.refl)
              (fun i hi => of_decide_eq_true (allBelow_spec h5.1 i hi)) (of_decide_eq_true h6.1)
            rw [← hxp] at gv
            have s0 := hroot.scale_pos
            have hw := eq_of_sameInts h1.1
            have code := unit_code (mode := mode) (l := l) (acc := accumulate row.bias u.w q) h2.1 hz hrho htheta
              (of_decide_eq_true h3.1) (le_of_leqInt h7.1) s0 tv
            have flt := unit_float hx hbox hf.1 (Nat.le_of_ble_eq_true h8.1) ht (le_of_leqInt h9.1)
            have er : requantizeAll mode l (s :: ss) (evalRows l.dense q (row :: rows)) =
              requantize mode (accumulate row.bias (l.dense.weights row) q) (l.params s) :: requantizeAll mode l ss (evalRows l.dense q rows) := rfl
            rw [er, ← hw]
            refine ⟨⟨?_, ?_, i.1⟩, ?_, ?_, i.2.2⟩
            · have e : p.scale * (p.pairing.rho * p.theta) * (requantize mode (accumulate row.bias u.w q) (l.params s) - l.zeroPoint) =
                p.scale * (p.pairing.rho * p.theta * (requantize mode (accumulate row.bias u.w q) (l.params s) - l.zeroPoint)) := Int.mul_assoc _ _ _
              rw [e, hcap]
              exact code
            · rw [gv]
              exact flt.1
            · intro c hc
              cases hc with
              | head => exact requantize_range mode _ _ hz
              | tail _ hm => exact i.2.1 c hm
            · have one0 : 0 < f32One := by unfold f32One; exact two_pow_pos 149
              have pos : 0 < (p.phi : Int) * f32One := Int.mul_pos (by omega) one0
              have f := flt.2
              have e : (p.phi : Int) * (f32One * max h 0) = max h 0 * (p.phi * f32One) := by ac_rfl
              rw [e] at f
              have g := (Int.le_ediv_iff_mul_le pos).mpr f
              unfold Plan.hiddenReach
              omega

end TinyVerify
