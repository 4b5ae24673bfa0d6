using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
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

/// <summary>Offers, at the attribute of a fallback, to answer one of its calls in the class, with a method that forwards to it.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(AnswerCallRefactoringProvider)), Shared]
public sealed class AnswerCallRefactoringProvider : CodeRefactoringProvider
{
    private const string Title = "Answer a call of the fallback here";

    /// <inheritdoc/>
    public override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        if (await FixPlace.InAsync(context.Document, context.CancellationToken).ConfigureAwait(false) is not { Known: { } known } place
            || place.AttributeAt(context.Span.Start, known.Fallback) is not { Parent.Parent: MemberDeclarationSyntax { Parent: TypeDeclarationSyntax type } }
            || place.Model.GetDeclaredSymbol(type) is not { TypeKind: TypeKind.Class } symbol
            || !known.IsMarked(symbol)
            || SnapshotterShape.Of(symbol, known, context.CancellationToken).Fallback is not { } fallback
            || !SymbolEqualityComparer.Default.Equals(fallback.Member.ContainingType, symbol))
        {
            return;
        }

        var offers = Methods(fallback, known, context.CancellationToken).Select(shape => Offer(shape, fallback, type, place)).ToImmutableArray();
        if (!offers.IsEmpty)
            context.RegisterRefactoring(CodeAction.Create(Title, offers, isInlinable: false));
    }

    private static CodeAction Offer(CallShape shape, Fallback fallback, TypeDeclarationSyntax type, FixPlace place)
    {
        var title = $"Answer {shape.Call.Name} here";
        return CodeAction.Create(
            title,
            cancelled =>
            {
                var edit = new DocumentEdit(place);
                StubWriter.Write(type, [ForwardText.Of(shape, fallback.Member, edit, type.Identifier.SpanStart)], edit);
                return edit.ApplyAsync(cancelled);
            },
            title);
    }

    /// <summary>The methods that can be called: a snapshotter may pass its own calls on to members that others cannot see.</summary>
    private static IEnumerable<CallShape> Methods(Fallback fallback, KnownTypes known, CancellationToken cancellationToken) => fallback.IsSnapshotter
        ? SnapshotterShape.Of(fallback.Type, known, cancellationToken).Calls.Where(shape => fallback.Answered.Contains(shape.Call))
        : fallback.Calls;
}
