using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Operations;

/// <summary>Compares operations that read variables, fields and properties.</summary>
internal static class Reference
{
    /// <summary>Whether two operations read the same variable, or the same field or property of the same object.</summary>
    public static bool AreSame(IOperation one, IOperation other) => (one.WithoutConversions(), other.WithoutConversions()) switch
    {
        (ILocalReferenceOperation a, ILocalReferenceOperation b) => AreSame(a.Local, b.Local),
        (IParameterReferenceOperation a, IParameterReferenceOperation b) => AreSame(a.Parameter, b.Parameter),
        (IFieldReferenceOperation a, IFieldReferenceOperation b) => AreSameMember(a, b),
        (IPropertyReferenceOperation { Arguments.IsEmpty: true } a, IPropertyReferenceOperation b) => AreSameMember(a, b),
        (IInstanceReferenceOperation a, IInstanceReferenceOperation b) => IsThis(a) && IsThis(b),
        _ => false,
    };

    /// <summary>Whether a part of an operation reads the same variable, field or property.</summary>
    public static bool IsIn(this IOperation reference, IOperation operation) => operation.DescendantsAndSelf().Any(each => AreSame(each, reference));

    /// <summary>The uses of a local variable in a body, in the order of the code.</summary>
    public static IEnumerable<ILocalReferenceOperation> UsesOf(this IOperation body, ILocalSymbol variable) => body.Descendants()
        .OfType<ILocalReferenceOperation>()
        .Where(each => AreSame(each.Local, variable));

    /// <summary>The declaration of a local variable in a body, or null.</summary>
    public static IVariableDeclaratorOperation? DeclarationOf(this IOperation body, ILocalSymbol variable) => body.Descendants()
        .OfType<IVariableDeclaratorOperation>()
        .FirstOrDefault(each => AreSame(each.Symbol, variable));

    private static bool AreSameMember(IMemberReferenceOperation one, IMemberReferenceOperation other) =>
        AreSame(one.Member, other.Member)
        && (one.Instance is null ? other.Instance is null : other.Instance is not null && AreSame(one.Instance, other.Instance));

    private static bool IsThis(IInstanceReferenceOperation instance) => instance.ReferenceKind == InstanceReferenceKind.ContainingTypeInstance;

    private static bool AreSame(ISymbol one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
