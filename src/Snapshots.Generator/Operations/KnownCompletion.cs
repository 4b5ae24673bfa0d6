using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Operations;

/// <summary>Decides whether a task is likely complete where its result is read, so that nothing waits.</summary>
internal static class KnownCompletion
{
    /// <summary>Whether the task was awaited, waited for or checked before, or comes from an await.</summary>
    public static bool Has(IOperation task) => Has(task, task);

    private static bool Has(IOperation task, IOperation place) => Origin(task) switch
    {
        IAwaitOperation => true,
        IPropertyReferenceOperation { Property.Name: "CompletedTask", Instance: null } => true,
        IInvocationOperation { TargetMethod: { Name: "FromResult" or "FromException" or "FromCanceled", IsStatic: true } } => true,
        IObjectCreationOperation { Type: { } type, Arguments: [{ Value.Type: var value }] } => TypeName.IsTask(type) && !TypeName.IsTask(value),
        IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.PatternInput } tested => tested.Parent?.Parent?.Parent is IRecursivePatternOperation pattern && Checks(pattern),
        var origin => place.Body().Descendants().Any(each => Shows(each, origin, place)),
    };

    /// <summary>The operation that refers to the task, or to the collection that holds it.</summary>
    private static IOperation Origin(IOperation task) => task switch
    {
        IConversionOperation conversion => Origin(conversion.Operand),
        IInvocationOperation { TargetMethod.Name: "GetAwaiter" or "ConfigureAwait" or "AsTask" or "Preserve", Instance: { } instance } => Origin(instance),
        IInvocationOperation { TargetMethod: { IsExtensionMethod: true, ContainingType.Name: "Enumerable" } chosen, Arguments: [var collection, ..] } when KeepsElements(chosen.Name) =>
            Origin(collection.Value),
        IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } collection } => Origin(collection),
        IArrayElementReferenceOperation element => Origin(element.ArrayReference),
        _ => task,
    };

    private static bool KeepsElements(string method) => method is "First" or "FirstOrDefault" or "Last" or "LastOrDefault" or "Single" or "SingleOrDefault" or "ElementAt"
        or "Where" or "Skip" or "Take" or "Reverse" or "AsEnumerable" or "ToList" or "ToArray";

    private static bool Shows(IOperation operation, IOperation task, IOperation place) => operation switch
    {
        IForEachLoopOperation loop => IsElement(task, loop) && (loop.IsAsynchronous || Has(loop.Collection, place)),
        IRecursivePatternOperation { DeclaredSymbol: { } declared } pattern => task is ILocalReferenceOperation { Local: var local } && IsSame(local, declared) && Checks(pattern),
        IVariableDeclaratorOperation declarator => task is ILocalReferenceOperation { Local: var local } && IsSame(local, declarator.Symbol)
            && declarator.Initializer?.Value.WithoutConversions() is IAwaitOperation,
        _ => operation.Syntax.SpanStart < place.Syntax.SpanStart && ShowsBefore(operation, task),
    };

    private static bool ShowsBefore(IOperation operation, IOperation task) => operation switch
    {
        IAwaitOperation awaited => task.IsIn(awaited.Operation) || IsInAnother(awaited.Operation, task),
        ISimpleAssignmentOperation { Value: var value } assignment => value.WithoutConversions() is IAwaitOperation && Reference.AreSame(assignment.Target, task),
        IPropertyReferenceOperation { Instance: { } asked } property => IsState(property.Property.Name) && Reference.AreSame(asked, task),
        IIsPatternOperation test => Reference.AreSame(test.Value, task) && Checks(test.Pattern),
        ISwitchExpressionOperation choice => Reference.AreSame(choice.Value, task) && choice.Arms.Any(arm => Checks(arm.Pattern)),
        ISwitchOperation choice => Reference.AreSame(choice.Value, task) && choice.Cases.Any(Checks),
        IInvocationOperation { TargetMethod.Name: "Wait", Instance: { } waited } => Reference.AreSame(waited, task),
        IInvocationOperation call => IsCheck(call.TargetMethod) && call.Arguments.Any(each => task.IsIn(each)),
        _ => false,
    };

    /// <summary>Whether a variable that is awaited holds a task made of another, as <c>Task.WhenAll</c> makes one.</summary>
    private static bool IsInAnother(IOperation awaited, IOperation task) => Origin(awaited) is ILocalReferenceOperation { Local: var local } reference
        && reference.Body().DeclarationOf(local)?.Initializer is { } initializer && task.IsIn(initializer.Value);

    /// <summary>Whether a method waits for its arguments, or says something about them: <c>Task.WaitAll</c>, or a helper that checks.</summary>
    private static bool IsCheck(IMethodSymbol method) => method.ReturnType.SpecialType == SpecialType.System_Boolean
        || (method.Name is "WaitAll" or "WaitAny" && TypeName.IsTask(method.ContainingType));

    private static bool IsElement(IOperation task, IForEachLoopOperation loop) => task is ILocalReferenceOperation { Local: var local } && loop.Locals.Any(each => IsSame(each, local));

    /// <summary>Whether a pattern asks for the state of what it is matched with.</summary>
    private static bool Checks(IOperation pattern) => pattern.DescendantsAndSelf()
        .OfType<IPropertySubpatternOperation>()
        .Any(each => each.Member is IPropertyReferenceOperation { Property.Name: var name } && IsState(name));

    private static bool IsState(string property) => property is "IsCompleted" or "IsCompletedSuccessfully" or "IsFaulted" or "IsCanceled" or "Status";

    private static bool IsSame(ISymbol one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
