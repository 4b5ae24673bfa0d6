using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Operations;

/// <summary>A local variable whose content is known: it is initialized, perhaps added to in the same block, and used once.</summary>
/// <param name="Parts">Its initial value and the calls that add to it, in order.</param>
/// <param name="Use">The only other use.</param>
internal sealed record LocalList(ImmutableArray<IOperation> Parts, ILocalReferenceOperation Use)
{
    /// <summary>The variable that an operation reads, or null if its content is not known.</summary>
    public static LocalList? Of(ILocalReferenceOperation reference)
    {
        var body = reference.Body();
        if (body.DeclarationOf(reference.Local) is not { Initializer.Value: { } initial } declarator)
            return null;

        var block = BlockOf(declarator);
        var uses = body.UsesOf(reference.Local).ToLookup(each => Addition(each)?.Parent?.Parent is { } place && place == block);
        return uses[false].ToList() is [var use] && !IsAssigned(use)
            ? new([initial, .. uses[true].Select(each => Addition(each)!)], use)
            : null;
    }

    /// <summary>The statement that adds something to a variable, or null.</summary>
    private static IInvocationOperation? Addition(ILocalReferenceOperation variable) =>
        variable.Parent is IInvocationOperation { TargetMethod.Name: "Add", Parent: IExpressionStatementOperation } call && call.Instance == variable ? call : null;

    private static bool IsAssigned(ILocalReferenceOperation variable) => variable.Parent is IAssignmentOperation assignment && assignment.Target == variable;

    private static IOperation? BlockOf(IVariableDeclaratorOperation declarator)
    {
        var each = declarator.Parent;
        while (each is IVariableDeclarationOperation or IVariableDeclarationGroupOperation)
            each = each.Parent;

        return each;
    }
}
