using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Operations;

/// <summary>Where an operation is in its method.</summary>
internal static class OperationPlace
{
    /// <summary>Whether an operation is in a method's own code, not in a lambda or local function.</summary>
    public static bool IsDirect(this IOperation operation) => operation.Function() is null;

    /// <summary>The lambda or local function that contains an operation, or null.</summary>
    public static IMethodSymbol? Function(this IOperation operation) => operation.Parent switch
    {
        null => null,
        IAnonymousFunctionOperation lambda => lambda.Symbol,
        ILocalFunctionOperation function => function.Symbol,
        var parent => parent.Function(),
    };

    /// <summary>The whole body that contains an operation.</summary>
    public static IOperation Body(this IOperation operation)
    {
        var body = operation;
        while (body.Parent is { } parent)
            body = parent;

        return body;
    }

    /// <summary>An operation without the conversions around it.</summary>
    public static IOperation WithoutConversions(this IOperation operation) =>
        operation is IConversionOperation conversion ? conversion.Operand.WithoutConversions() : operation;

    /// <summary>Whether a method ends after some work, because it awaits or returns its task.</summary>
    public static bool IsWaitedFor(this IOperation work)
    {
        var each = work.Parent;
        while (each is IConversionOperation or IParenthesizedOperation or IConditionalOperation or ICoalesceOperation or IArgumentOperation
            or ISwitchExpressionOperation or ISwitchExpressionArmOperation
            or IArrayCreationOperation or IArrayInitializerOperation or ICollectionExpressionOperation
            or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" or "WaitAsync" or "WhenAll" or "WhenAny" })
        {
            each = each.Parent;
        }

        return each is IAwaitOperation or IReturnOperation or IForEachLoopOperation && work.IsDirect();
    }
}
