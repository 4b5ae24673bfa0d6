using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Operations;

/// <summary>Finds the option <c>ro</c> among the options of a mount.</summary>
internal static class ReadOnlyOption
{
    private const string Text = "ro";

    /// <summary>The option in an initializer or a <c>with</c> of a mount, or null.</summary>
    public static IOperation? In(IObjectOrCollectionInitializerOperation? initializer) => Assigned(initializer)
        .SelectMany(Sources)
        .SelectMany(each => each.DescendantsAndSelf())
        .FirstOrDefault(IsElement);

    /// <summary>Whether an initializer sets the options.</summary>
    public static bool IsDecidedBy(IObjectOrCollectionInitializerOperation initializer) => Assigned(initializer).Any();

    private static IEnumerable<IOperation> Assigned(IObjectOrCollectionInitializerOperation? initializer) => (initializer?.Initializers ?? [])
        .OfType<ISimpleAssignmentOperation>()
        .Where(each => each.Target is IPropertyReferenceOperation { Property.Name: "Options" })
        .Select(each => each.Value);

    /// <summary>The options, and what the local variables in them are made of.</summary>
    private static IEnumerable<IOperation> Sources(IOperation options) => options.DescendantsAndSelf()
        .OfType<ILocalReferenceOperation>()
        .SelectMany(each => LocalList.Of(each)?.Parts ?? [])
        .Prepend(options);

    /// <summary>Whether the option is an element of a collection, not part of a condition or of another argument.</summary>
    private static bool IsElement(IOperation operation) => operation is { ConstantValue: { HasValue: true, Value: Text } }
        && (operation.Parent is IArrayInitializerOperation or ICollectionExpressionOperation
            || operation.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "Add" or "Append" or "Prepend" or "Create" } });
}
