using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Operations;

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

            if (parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var variable } })
                return parent.Body().UsesOf(variable).FirstOrDefault() is { } use && IsReturnedLast(each, use);

            if (parent is IInvocationOperation { TargetMethod.Name: "Add", Instance: ILocalReferenceOperation list, Parent: IExpressionStatementOperation })
                return IsReturnedLast(parent, list);

            if (!Passes(each, parent))
                return false;
        }

        return false;
    }

    /// <summary>Whether something is the last part of a variable that is used once, to be returned: another use may change it.</summary>
    private static bool IsReturnedLast(IOperation part, ILocalReferenceOperation variable) =>
        LocalList.Of(variable) is { Parts: [.., var last], Use: var use } && last == part && IsLast(use);

    private static bool Passes(IOperation value, IOperation into) => into switch
    {
        IConversionOperation or ICoalesceOperation or IParenthesizedOperation or IAwaitOperation or ISwitchExpressionArmOperation => true,
        ISwitchExpressionOperation chosen => chosen.Value != value,
        IConditionalOperation conditional => conditional.Condition != value,
        IWithOperation changed => changed.Operand == value && !ReadOnlyOption.IsDecidedBy(changed.Initializer),
        IArrayInitializerOperation array => array.ElementValues.Last() == value,
        IArrayCreationOperation => true,
        ICollectionExpressionOperation collection => collection.Elements.Last() == value,
        ISpreadOperation => true,
        IObjectOrCollectionInitializerOperation list => list.Initializers.Last() == value,
        IArgumentOperation argument => argument.Parent is not IInvocationOperation { Arguments: var arguments } || arguments.Last() == argument,
        IInvocationOperation call => Passes(call),
        IObjectCreationOperation created => created.Type is { Name: "List" or "ValueTask" },
        _ => false,
    };

    /// <summary>Whether a method returns what it is given, perhaps in another collection or in a task.</summary>
    private static bool Passes(IInvocationOperation call) => (call.TargetMethod.Name, call.TargetMethod.ContainingType.Name) switch
    {
        ("FromResult", "Task" or "ValueTask") => true,
        ("Of", "SnapshotResult") => true,
        ("Create", "ImmutableArray" or "ImmutableList") => true,
        ("ToArray" or "ToList" or "AsReadOnly" or "ToImmutableArray" or "ToImmutableList" or "ToImmutable" or "AsEnumerable" or "Append", _) => true,
        ("Add", _) => call.Parent is IObjectOrCollectionInitializerOperation,
        _ => false,
    };
}
