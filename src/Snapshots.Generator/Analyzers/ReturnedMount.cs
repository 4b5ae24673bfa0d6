using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Follows a mount to the value that its method returns.</summary>
internal static class ReturnedMount
{
    /// <summary>Whether a mount is certainly returned, alone or as the last of several.</summary>
    public static bool IsLast(IOperation mount)
    {
        for (var each = mount; each.Parent is { } parent; each = parent)
        {
            if (parent is IReturnOperation)
                return parent.Kind == OperationKind.Return && parent.IsDirect(); // More may follow after a yield.

            if (parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator })
                return IsReturned(declarator);

            if (!Passes(each, parent))
                return false;
        }

        return false;
    }

    /// <summary>Whether a variable is used once, to be returned: another use may change its value.</summary>
    private static bool IsReturned(IVariableDeclaratorOperation declarator)
    {
        var uses = declarator.Body().Descendants()
            .OfType<ILocalReferenceOperation>()
            .Where(each => SymbolEqualityComparer.Default.Equals(each.Local, declarator.Symbol))
            .ToList();

        return uses.Count == 1 && IsLast(uses[0]);
    }

    private static bool Passes(IOperation value, IOperation into) => into switch
    {
        IConversionOperation or ICoalesceOperation or IParenthesizedOperation or IAwaitOperation or ISwitchExpressionArmOperation => true,
        ISwitchExpressionOperation chosen => chosen.Value != value,
        IConditionalOperation conditional => conditional.Condition != value,
        IArrayInitializerOperation array => array.ElementValues.Last() == value,
        IArrayCreationOperation => true,
        ICollectionExpressionOperation collection => collection.Elements.Last() == value,
        IObjectOrCollectionInitializerOperation list => list.Initializers.Last() == value,
        IArgumentOperation => true,
        IInvocationOperation { TargetMethod: { Name: "FromResult", ContainingType.Name: "Task" or "ValueTask" } } => true,
        IInvocationOperation { TargetMethod: { Name: "Of", ContainingType.Name: "SnapshotResult" } } => true,
        IInvocationOperation { TargetMethod.Name: "Add", Parent: IObjectOrCollectionInitializerOperation } => true,
        IObjectCreationOperation created => created.Type is { Name: "List" or "ValueTask" },
        _ => false,
    };
}
