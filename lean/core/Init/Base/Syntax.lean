prelude
import Init.Base.Machine
import Init.Base.Monad
/-! Names, syntax trees, parser descriptions and the macro monad, constructor by constructor as Lean's compiled elaborator
expects them; operations on them are Lean's own compiled ones, bound by name. Mirrors parts of Lean's `Init.Prelude` and
`Init.Meta`. -/
set_option autoImplicit false
set_option linter.all false
set_option bootstrap.genMatcherCode false
universe u v w u1 u2 u3
namespace Lean
inductive Name where
  | anonymous : Name
  | str (pre : Name) (str : String) : Name
  | num (pre : Name) (i : Nat) : Name
with @[computed_field] hash : Name → UInt64
  | .anonymous => UInt64.ofNat 1723
  | .str p s => mixHash p.hash s.hash
  | .num p v => mixHash p.hash (UInt64.ofNat v)
instance : Inhabited Name := ⟨.anonymous⟩
namespace Name
abbrev mkStr (p : Name) (s : String) : Name := Name.str p s
abbrev mkNum (p : Name) (v : Nat) : Name := Name.num p v
abbrev mkSimple (s : String) : Name := .str .anonymous s
abbrev mkStr1 (s₁ : String) : Name := .str .anonymous s₁
abbrev mkStr2 (s₁ s₂ : String) : Name := .str (mkStr1 s₁) s₂
abbrev mkStr3 (s₁ s₂ s₃ : String) : Name := .str (mkStr2 s₁ s₂) s₃
abbrev mkStr4 (s₁ s₂ s₃ s₄ : String) : Name := .str (mkStr3 s₁ s₂ s₃) s₄
abbrev mkStr5 (s₁ s₂ s₃ s₄ s₅ : String) : Name := .str (mkStr4 s₁ s₂ s₃ s₄) s₅
abbrev mkStr6 (s₁ s₂ s₃ s₄ s₅ s₆ : String) : Name := .str (mkStr5 s₁ s₂ s₃ s₄ s₅) s₆
abbrev mkStr7 (s₁ s₂ s₃ s₄ s₅ s₆ s₇ : String) : Name := .str (mkStr6 s₁ s₂ s₃ s₄ s₅ s₆) s₇
abbrev mkStr8 (s₁ s₂ s₃ s₄ s₅ s₆ s₇ s₈ : String) : Name := .str (mkStr7 s₁ s₂ s₃ s₄ s₅ s₆ s₇) s₈
end Name
inductive SourceInfo where
  | original (leading : Substring.Raw) (pos : String.Pos.Raw) (trailing : Substring.Raw) (endPos : String.Pos.Raw) : SourceInfo
  | synthetic (pos : String.Pos.Raw) (endPos : String.Pos.Raw) (canonical : Bool) : SourceInfo
  | none : SourceInfo
instance : Inhabited SourceInfo := ⟨.none⟩
abbrev SyntaxNodeKind := Name
abbrev SyntaxNodeKinds := List SyntaxNodeKind
inductive Syntax.Preresolved where
  | namespace (ns : Name) : Syntax.Preresolved
  | decl (n : Name) (fields : List String) : Syntax.Preresolved
inductive Syntax where
  | missing : Syntax
  | node (info : SourceInfo) (kind : SyntaxNodeKind) (args : Array Syntax) : Syntax
  | atom (info : SourceInfo) (val : String) : Syntax
  | ident (info : SourceInfo) (rawVal : Substring.Raw) (val : Name) (preresolved : List Syntax.Preresolved) : Syntax
instance : Inhabited Syntax := ⟨.missing⟩
instance : Coe SyntaxNodeKind SyntaxNodeKinds where coe k := List.cons k List.nil
structure TSyntax (ks : SyntaxNodeKinds) where mk :: (raw : Syntax)
instance {ks : SyntaxNodeKinds} : Inhabited (TSyntax ks) := ⟨⟨.missing⟩⟩
abbrev choiceKind : SyntaxNodeKind := `choice
abbrev nullKind : SyntaxNodeKind := `null
abbrev groupKind : SyntaxNodeKind := `group
abbrev identKind : SyntaxNodeKind := `ident
abbrev strLitKind : SyntaxNodeKind := `str
abbrev charLitKind : SyntaxNodeKind := `char
abbrev numLitKind : SyntaxNodeKind := `num
abbrev scientificLitKind : SyntaxNodeKind := `scientific
abbrev nameLitKind : SyntaxNodeKind := `name
abbrev fieldIdxKind : SyntaxNodeKind := `fieldIdx
abbrev hygieneInfoKind : SyntaxNodeKind := `hygieneInfo
abbrev interpolatedStrLitKind : SyntaxNodeKind := `interpolatedStrLitKind
abbrev interpolatedStrKind : SyntaxNodeKind := `interpolatedStrKind
namespace Syntax
abbrev Term := TSyntax (.cons `term .nil)
abbrev Command := TSyntax (.cons `command .nil)
abbrev Tactic := TSyntax (.cons `tactic .nil)
abbrev Level := TSyntax (.cons `level .nil)
abbrev Ident := TSyntax (.cons `ident .nil)
abbrev StrLit := TSyntax (.cons `str .nil)
abbrev NumLit := TSyntax (.cons `num .nil)
structure SepArray (sep : String) where elemsAndSeps : Array Syntax
structure TSepArray (ks : SyntaxNodeKinds) (sep : String) where elemsAndSeps : Array Syntax
end Syntax
instance {ks : SyntaxNodeKinds} : CoeOut (TSyntax ks) Syntax where coe s := s.raw
instance {k : SyntaxNodeKind} {ks : SyntaxNodeKinds} : Coe (TSyntax (List.cons k List.nil)) (TSyntax (List.cons k ks)) where coe s := ⟨s.raw⟩
instance : Coe Syntax.Ident Syntax.Term where coe s := ⟨s.raw⟩
instance : Coe Syntax.StrLit Syntax.Term where coe s := ⟨s.raw⟩
instance : Coe Syntax.NumLit Syntax.Term where coe s := ⟨s.raw⟩
abbrev TSyntaxArray (ks : SyntaxNodeKinds) := Array (TSyntax ks)
def List.mapRaw {ks : SyntaxNodeKinds} : List (TSyntax ks) → List Syntax
  | .nil => .nil
  | .cons x xs => .cons x.raw (mapRaw xs)
def List.mapTS {ks : SyntaxNodeKinds} : List Syntax → List (TSyntax ks)
  | .nil => .nil
  | .cons x xs => .cons ⟨x⟩ (mapTS xs)
def TSyntaxArray.raw {ks : SyntaxNodeKinds} (as : TSyntaxArray ks) : Array Syntax := ⟨List.mapRaw as.toList⟩
def TSyntaxArray.mk {ks : SyntaxNodeKinds} (as : Array Syntax) : TSyntaxArray ks := ⟨List.mapTS as.toList⟩
instance {ks : SyntaxNodeKinds} : CoeOut (TSyntaxArray ks) (Array Syntax) where coe a := TSyntaxArray.raw a
export Syntax (Term Command Ident)
@[extern "x"] opaque Syntax.getKind (stx : Syntax) : SyntaxNodeKind
@[extern "x"] opaque Syntax.isOfKind (stx : Syntax) (k : SyntaxNodeKind) : Bool
@[extern "x"] opaque Syntax.getArg (stx : Syntax) (i : Nat) : Syntax
@[extern "x"] opaque Syntax.getArgs (stx : Syntax) : Array Syntax
@[extern "x"] opaque Syntax.getNumArgs (stx : Syntax) : Nat
@[extern "x"] opaque Syntax.matchesNull (stx : Syntax) (n : Nat) : Bool
@[extern "x"] opaque Syntax.matchesIdent (stx : Syntax) (id : Name) : Bool
@[extern "x"] opaque Syntax.matchesLit (stx : Syntax) (k : SyntaxNodeKind) (val : String) : Bool
@[extern "x"] opaque Syntax.getId (stx : Syntax) : Name
@[extern "x"] opaque Syntax.setArg (stx : Syntax) (i : Nat) (arg : Syntax) : Syntax
@[extern "x"] opaque Syntax.isNone (stx : Syntax) : Bool
@[extern "x"] opaque Syntax.getOptional? (stx : Syntax) : Option Syntax
@[extern "x"] opaque Syntax.getSepArgs (stx : Syntax) : Array Syntax
@[extern "x"] opaque SourceInfo.fromRef (ref : Syntax) (canonical : optParam Bool false) : SourceInfo
abbrev Syntax.node1 (info : SourceInfo) (kind : SyntaxNodeKind) (a₁ : Syntax) : Syntax := .node info kind (Array.mkArray1 a₁)
abbrev Syntax.node2 (info : SourceInfo) (kind : SyntaxNodeKind) (a b : Syntax) : Syntax := .node info kind (Array.mkArray2 a b)
abbrev Syntax.node3 (info : SourceInfo) (kind : SyntaxNodeKind) (a b c : Syntax) : Syntax := .node info kind (Array.mkArray3 a b c)
abbrev Syntax.node4 (info : SourceInfo) (kind : SyntaxNodeKind) (a b c d : Syntax) : Syntax := .node info kind (Array.mkArray4 a b c d)
abbrev Syntax.node5 (info : SourceInfo) (kind : SyntaxNodeKind) (a b c d e : Syntax) : Syntax := .node info kind (Array.mkArray5 a b c d e)
abbrev Syntax.node6 (info : SourceInfo) (kind : SyntaxNodeKind) (a b c d e f : Syntax) : Syntax := .node info kind (Array.mkArray6 a b c d e f)
abbrev Syntax.node7 (info : SourceInfo) (kind : SyntaxNodeKind) (a b c d e f g : Syntax) : Syntax := .node info kind (Array.mkArray7 a b c d e f g)
abbrev Syntax.node8 (info : SourceInfo) (kind : SyntaxNodeKind) (a b c d e f g h : Syntax) : Syntax := .node info kind (Array.mkArray8 a b c d e f g h)

abbrev mkNullNode (args : optParam (Array Syntax) Array.empty) : Syntax := .node .none nullKind args
abbrev mkNode (k : SyntaxNodeKind) (args : Array Syntax) : TSyntax (List.cons k List.nil) := ⟨.node .none k args⟩
inductive ParserDescr where
  | const (name : Name) : ParserDescr
  | unary (name : Name) (p : ParserDescr) : ParserDescr
  | binary (name : Name) (p₁ p₂ : ParserDescr) : ParserDescr
  | node (kind : SyntaxNodeKind) (prec : Nat) (p : ParserDescr) : ParserDescr
  | trailingNode (kind : SyntaxNodeKind) (prec lhsPrec : Nat) (p : ParserDescr) : ParserDescr
  | symbol (val : String) : ParserDescr
  | nonReservedSymbol (val : String) (includeIdent : Bool) : ParserDescr
  | cat (catName : Name) (rbp : Nat) : ParserDescr
  | parser (declName : Name) : ParserDescr
  | nodeWithAntiquot (name : String) (kind : SyntaxNodeKind) (p : ParserDescr) : ParserDescr
  | sepBy (p : ParserDescr) (sep : String) (psep : ParserDescr) (allowTrailingSep : Bool) : ParserDescr
  | sepBy1 (p : ParserDescr) (sep : String) (psep : ParserDescr) (allowTrailingSep : Bool) : ParserDescr
  | unicodeSymbol (val asciiVal : String) (preserveForPP : Bool) : ParserDescr
instance : Inhabited ParserDescr := ⟨.symbol default⟩
abbrev TrailingParserDescr := ParserDescr

structure Parser.Category where mk ::
instance : Inhabited Parser.Category := ⟨⟨⟩⟩
namespace Parser.Category
def term : Category := ⟨⟩
def command : Category := ⟨⟩
def tactic : Category := ⟨⟩
def doElem : Category := ⟨⟩
def level : Category := ⟨⟩
def stx : Category := ⟨⟩
def prio : Category := ⟨⟩
def prec : Category := ⟨⟩
def attr : Category := ⟨⟩
def structInstFieldDecl : Category := ⟨⟩
end Parser.Category
abbrev MacroScope := Nat
class MonadRef (m : Type → Type) where
  getRef : m Syntax
  withRef {α : Type} : Syntax → m α → m α
export MonadRef (getRef)
class MonadQuotation (m : Type → Type) extends MonadRef m where
  getCurrMacroScope : m MacroScope
  getContext : m Name
  withFreshMacroScope {α : Type} : m α → m α
export MonadQuotation (getCurrMacroScope withFreshMacroScope)
@[extern "x"] opaque replaceRef (ref : Syntax) (oldRef : Syntax) : Syntax
@[inline] def withRef {m : Type → Type} [Monad m] [MonadRef m] {α : Type} (ref : Syntax) (x : m α) : m α :=
  bind getRef (fun old => MonadRef.withRef (replaceRef ref old) x)
@[inline] def MonadRef.mkInfoFromRefPos {m : Type → Type} [Monad m] [MonadRef m] : m SourceInfo :=
  bind getRef (fun ref => pure (SourceInfo.fromRef ref))
@[extern "x"] opaque addMacroScope (mainModule : Name) (n : Name) (scp : MacroScope) : Name
opaque Macro.MethodsRef : Type
structure Macro.Context where
  methods : Macro.MethodsRef
  quotContext : Name
  currMacroScope : MacroScope
  currRecDepth : Nat
  maxRecDepth : Nat
  ref : Syntax
inductive Macro.Exception where
  | error : Syntax → String → Macro.Exception
  | unsupportedSyntax : Macro.Exception
instance : Inhabited Macro.Exception := ⟨.unsupportedSyntax⟩
structure Macro.State where
  macroScope : MacroScope
  expandedMacroDecls : List Name
  traceMsgs : List (Prod Name String)
abbrev MacroM := ReaderT Macro.Context (EStateM Macro.Exception Macro.State)
abbrev Macro := Syntax → MacroM Syntax
def Macro.throwUnsupported {α : Type} : MacroM α := fun _ s => .error .unsupportedSyntax s
def Macro.throwErrorAt {α : Type} (ref : Syntax) (msg : String) : MacroM α := fun _ s => .error (.error ref msg) s
instance : MonadRef MacroM where
  getRef := fun c s => .ok c.ref s
  withRef ref x := fun c s => x ⟨c.methods, c.quotContext, c.currMacroScope, c.currRecDepth, c.maxRecDepth, ref⟩ s
instance : MonadQuotation MacroM where
  getCurrMacroScope := fun c s => .ok c.currMacroScope s
  getContext := fun c s => .ok c.quotContext s
  withFreshMacroScope x := fun c s =>
    x ⟨c.methods, c.quotContext, s.macroScope, c.currRecDepth, c.maxRecDepth, c.ref⟩ ⟨HAdd.hAdd s.macroScope 1, s.expandedMacroDecls, s.traceMsgs⟩
namespace PrettyPrinter
abbrev UnexpandM := ReaderT Syntax (EStateM Unit Unit)
abbrev Unexpander := Syntax → UnexpandM Syntax
instance : MonadQuotation UnexpandM where
  getRef := fun c s => .ok c s
  withRef ref x := fun _ s => x ref s
  getCurrMacroScope := pure 0
  getContext := pure `_fakeMod
  withFreshMacroScope x := x
end PrettyPrinter
end Lean
