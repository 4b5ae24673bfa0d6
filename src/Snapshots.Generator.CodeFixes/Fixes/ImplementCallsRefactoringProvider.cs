using System.Composition;
using System.Linq;
using System.Threading.Tasks;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.CodeFixes.Stubs;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Offers, at the attribute of a class, to write its missing calls, whether or not anything is wrong with it.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(ImplementCallsRefactoringProvider)), Shared]
public sealed class ImplementCallsRefactoringProvider : CodeRefactoringProvider
{
    private const string Title = "Implement all missing calls";

    /// <inheritdoc/>
    public override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        if (await FixPlace.InAsync(context.Document, context.CancellationToken).ConfigureAwait(false) is not { Known: { } known } place
            || place.AttributeAt(context.Span.Start, known.Attribute) is not { Parent.Parent: TypeDeclarationSyntax type }
            || place.Model.GetDeclaredSymbol(type) is not { TypeKind: TypeKind.Class, IsStatic: false } symbol)
        {
            return;
        }

        var meant = SnapshotterShape.Of(symbol, known, context.CancellationToken).Meant;
        var missing = CallTable.Calls.Where(call => !meant.Has(call)).ToList();
        if (missing.Count == 0)
            return;

        context.RegisterRefactoring(CodeAction.Create(
            Title,
            cancelled =>
            {
                var edit = new DocumentEdit(place);
                StubWriter.Write(type, missing, edit, known);
                return edit.ApplyAsync(cancelled);
            },
            Title));
    }
}
