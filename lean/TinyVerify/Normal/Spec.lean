import TinyVerify.Series.Spec
/-!
# The normal distribution function without real numbers

For `z ≥ 0` let `T = z + z^3/3 + z^5/(3 5) + z^7/(3 5 7) + ...`, `E = exp (z^2/2)` and `H = 1 + 1/3 + 1 2/(3 5) + 1 2 3/(3 5 7) + ... = pi/2`.
Then `F = 2 Phi z - 1 = T / (E sqrt H)` (Abramowitz and Stegun, 26.2.11), so `F ≤ w` says that `T^2 ≤ w^2 E^2 H`. All three are limits of
`Series`, and a bound of a limit from below is shown by one sum, from above by all of them. For `z < 0`, `Phi z = 1 - Phi (-z)`.
Obligation: `sample.table_errors`.
-/
namespace TinyVerify

/-- `T / z`, with `square / unit = z^2`. -/
def oddSeries (unit square : Nat) : Series := powerSeries (fun n => Nat.add (Nat.mul 2 n) 3) unit square

/-- `pi / 2` -/
def halfPi : Series := ⟨fun n => n + 1, fun n => 2 * n + 3⟩

/-- `2 Phi (a / unit) - 1 < w / q`, for `q > 0`: every sum of `T` is below what two sums of `E` and `H` give; `≤` if `a = 0`. -/
def CentralAtMost (unit a w q : Nat) : Prop :=
  ∃ m l, ∀ n,
    let e := expSeries (2 * (unit * unit)) (a * a)
    let t := oddSeries (unit * unit) (a * a)
    q * q * (a * a) * (e.den m * e.den m * halfPi.den l) * (t.num n * t.num n) ≤
      w * w * (unit * unit) * (e.num m * e.num m * halfPi.num l) * (t.den n * t.den n)

/-- `w / q < 2 Phi (a / unit) - 1`, for `q > 0`: all sums of `E` and `H` are below what one of `T` gives; `≤` if `w = 0`. -/
def CentralAtLeast (unit a w q : Nat) : Prop :=
  ∃ m, ∀ n l,
    let e := expSeries (2 * (unit * unit)) (a * a)
    let t := oddSeries (unit * unit) (a * a)
    w * w * (unit * unit) * (t.den m * t.den m) * (e.num n * e.num n * halfPi.num l) ≤
      q * q * (a * a) * (t.num m * t.num m) * (e.den n * e.den n * halfPi.den l)

/-- `2 Phi (z / unit) - 1 ≤ w / q`, for `q > 0`. -/
def NormalAtMost (unit : Nat) (z w : Int) (q : Nat) : Prop :=
  (0 ≤ z → 0 ≤ w ∧ CentralAtMost unit z.toNat w.toNat q) ∧
  (z < 0 → 0 ≤ w ∨ CentralAtLeast unit (-z).toNat (-w).toNat q)

/-! ### checkers: `hn / hd` and `hu / hd` are below and above `H` -/

def oddNum (unit square blocks : Nat) : Nat := powerNum (fun n => Nat.add (Nat.mul 2 n) 3) unit square blocks

def oddDen (unit blocks : Nat) : Nat := powerDen (fun n => Nat.add (Nat.mul 2 n) 3) unit blocks

/-- `n^2` -/
def square (n : Nat) : Nat := withNat n fun n => Nat.mul n n

def centralAtMostOk (hn hd unit a w q : Nat) : Bool :=
  withNat (square a) fun s => withNat (square unit) fun v => withNat (blocksFor v s) fun blocks =>
    Nat.ble (Nat.mul 2 s) (Nat.mul v (Nat.add (Nat.mul 2 (Nat.mul 8 blocks)) 3)) &&
    Nat.ble
      (Nat.mul (Nat.mul (Nat.mul (square q) s) (Nat.mul (square (expDen (Nat.mul 2 v) blocks)) hd))
        (square (Nat.add (oddNum v s blocks) (Nat.pow s (Nat.mul 8 blocks)))))
      (Nat.mul (Nat.mul (Nat.mul (square w) v) (Nat.mul (square (expNum (Nat.mul 2 v) s blocks)) hn)) (square (oddDen v blocks)))

def centralAtLeastOk (hu hd unit a w q : Nat) : Bool :=
  withNat (square a) fun s => withNat (square unit) fun v => withNat (blocksFor v s) fun blocks =>
    Nat.ble (Nat.mul 2 s) (Nat.mul (Nat.mul 2 v) (Nat.add (Nat.mul 8 blocks) 1)) &&
    Nat.ble
      (Nat.mul (Nat.mul (Nat.mul (square w) v) (square (oddDen v blocks)))
        (Nat.mul (square (Nat.add (expNum (Nat.mul 2 v) s blocks) (Nat.pow s (Nat.mul 8 blocks)))) hu))
      (Nat.mul (Nat.mul (Nat.mul (square q) s) (square (oddNum v s blocks))) (Nat.mul (square (expDen (Nat.mul 2 v) blocks)) hd))

def normalAtMostOk (hn hd hu unit : Nat) (z w : Int) (q : Nat) : Bool :=
  match z with
  | .ofNat n => match w with
    | .ofNat w => withNat n fun a => withNat w fun w => centralAtMostOk hn hd unit a w q
    | .negSucc _ => false
  | .negSucc n => match w with
    | .ofNat _ => true
    | .negSucc w => withNat (n + 1) fun a => withNat (w + 1) fun w => centralAtLeastOk hu hd unit a w q

end TinyVerify
