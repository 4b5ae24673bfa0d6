using System.Collections.Generic;
using System.Composition;
using System.Linq;
using System.Threading;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.CodeFixes.Stubs;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Offers, at the attribute of a class, to write its missing calls, whether or not anything is wrong with it.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(ImplementCallsRefactoringProvider)), Shared]
public sealed class ImplementCallsRefactoringProvider : RefactoringProvider
{
    private const string Title = "Implement all missing calls";

    private protected override IEnumerable<Offer> Offers(FixPlace place, TextSpan span, CancellationToken cancellationToken)
    {
        if (place.Known is not { } known
            || place.AttributeAt(span.Start, known.Attribute) is not { Parent.Parent: TypeDeclarationSyntax type }
            || place.Model.GetDeclaredSymbol(type, cancellationToken) is not { TypeKind: TypeKind.Class, IsStatic: false } symbol)
        {
            yield break;
        }

        var meant = SnapshotterShape.Of(symbol, known, cancellationToken).Meant;
        var missing = Stub.Of(CallTable.Calls.Where(call => !meant.Has(call)), symbol, known).ToList();
        if (missing.Count > 0)
            yield return new("Implement", Title, edit => StubWriter.Write(type, missing, edit, known));
    }
}
