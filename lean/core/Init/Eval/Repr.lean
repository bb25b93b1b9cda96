prelude
import Init.Logic.WellFounded
import Init.List.Basic
/-! Printing values: what `#eval` shows. `Format` has the constructors of Lean's (its compiled printer reads them).
Only the interpreter runs this module; no theorem depends on a string. -/
set_option autoImplicit false
set_option linter.all false
universe u v
inductive Std.Format.FlattenBehavior where
  | allOrNone
  | fill
inductive Std.Format where
  | nil : Format
  | line : Format
  | align (force : Bool) : Format
  | text : String → Format
  | nest (indent : Int) (f : Format) : Format
  | append : Format → Format → Format
  | group : Format → (behavior : Format.FlattenBehavior := .allOrNone) → Format
  | tag : Nat → Format → Format
export Std (Format)
instance Std.instInhabitedFormat : Inhabited Std.Format := ⟨.nil⟩
class Repr (α : Type u) where
  reprPrec : α → Nat → Std.Format
export Repr (reprPrec)
class ToString (α : Type u) where
  toString : α → String
export ToString (toString)
@[extern "x"] opaque Int.repr (i : Int) : String
def Nat.repr (n : Nat) : String := Int.repr (Int.ofNat n)
@[extern "x"] opaque String.quote (s : String) : String
def repr {α : Type u} [Repr α] (a : α) : Std.Format := reprPrec a 0
def reprArg {α : Type u} [Repr α] (a : α) : Std.Format := reprPrec a 1024
macro "max_prec" : term => `(1024)
instance Std.instAppendFormat : Append Std.Format := ⟨.append⟩
instance Std.instCoeStringFormat : Coe String Std.Format := ⟨.text⟩
def Std.Format.bracket (l : String) (x : Format) (r : String) : Format :=
  .group (.nest 2 (.append (.text l) (.append x (.text r))))
def Repr.addAppParen (f : Std.Format) (prec : Nat) : Std.Format :=
  if prec ≥ 1024 then .append (.text "(") (.append f (.text ")")) else f
instance instReprNat : Repr Nat := ⟨fun n _ => .text (Nat.repr n)⟩
instance instReprInt : Repr Int := ⟨fun i prec => if i < 0 then Repr.addAppParen (.text (Int.repr i)) (prec + 949) else .text (Int.repr i)⟩
instance instReprString : Repr String := ⟨fun s _ => .text (String.quote s)⟩
instance instReprUnit : Repr Unit := ⟨fun _ _ => .text "()"⟩
instance instReprBool : Repr Bool := ⟨fun b _ => .text (match b with | true => "true" | false => "false")⟩
instance instReprDecidable {p : Prop} : Repr (Decidable p) :=
  ⟨fun d _ => .text (match d with | .isTrue _ => "isTrue" | .isFalse _ => "isFalse")⟩
instance instReprOption {α : Type u} [Repr α] : Repr (Option α) := ⟨fun o prec => match o with
  | none => .text "none"
  | some a => Repr.addAppParen (.append (.text "some ") (reprPrec a 1024)) prec⟩
instance instReprProd {α : Type u} {β : Type v} [Repr α] [Repr β] : Repr (α × β) :=
  ⟨fun p _ => .append (.text "(") (.append (repr p.1) (.append (.text ", ") (.append (repr p.2) (.text ")"))))⟩
def List.reprItems {α : Type u} [Repr α] : List α → Std.Format
  | [] => .nil
  | [a] => repr a
  | a :: as => .append (repr a) (.append (.text ",") (.append .line (List.reprItems as)))
instance instReprList {α : Type u} [Repr α] : Repr (List α) :=
  ⟨fun l _ => .group (.append (.text "[") (.append (.nest 1 (List.reprItems l)) (.text "]"))) .fill⟩
instance instReprFin {n : Nat} : Repr (Fin n) := ⟨fun i _ => .text (Nat.repr i.val)⟩
instance instToStringNat : ToString Nat := ⟨Nat.repr⟩
instance instToStringInt : ToString Int := ⟨Int.repr⟩
instance instToStringString : ToString String := ⟨id⟩
instance instToStringBool : ToString Bool := ⟨fun b => match b with | true => "true" | false => "false"⟩
