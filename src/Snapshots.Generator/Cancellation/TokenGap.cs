using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Containerd.Snapshots.Generator.Cancellation;

/// <summary>Work in a method that could take a cancellation token but gets none.</summary>
/// <param name="Operation">The invocation, or the sequence that a loop awaits.</param>
/// <param name="Name">The name of the method, or of the sequence.</param>
/// <param name="Argument">The parameter that the argument must name; empty if the argument can be positional.</param>
/// <param name="IsSequence">Whether the operation is the sequence of a loop.</param>
internal sealed record TokenGap(IOperation Operation, string Name, string Argument = "", bool IsSequence = false)
{
    /// <summary>All gaps in a body that the method's token can reach.</summary>
    public static IEnumerable<TokenGap> In(IOperation body, KnownTypes known) => body.DescendantsAndSelf()
        .Select(each => Of(each, known))
        .OfType<TokenGap>()
        .Where(gap => IsInReach(gap.Operation, known));

    /// <summary>
    /// Whether an operation should get the method's token. Not in functions that capture nothing or have their own token, and
    /// not in catch and finally: cleanup must run above all when the call is canceled.
    /// </summary>
    public static bool IsInReach(IOperation operation, KnownTypes known)
    {
        for (var each = operation; each.Parent is { } parent; each = parent)
        {
            if (parent is ICatchClauseOperation || (parent is ITryOperation tried && tried.Finally == each))
                return false;

            var function = (parent as IAnonymousFunctionOperation)?.Symbol ?? (parent as ILocalFunctionOperation)?.Symbol;
            if (function is not null && (function.IsStatic || function.Parameters.Any(parameter => KnownTypes.AreSame(parameter.Type, known.CancellationToken))))
                return false;
        }

        return true;
    }

    private static TokenGap? Of(IOperation operation, KnownTypes known) => operation switch
    {
        IInvocationOperation invocation => Of(invocation, known),
        IForEachLoopOperation { IsAsynchronous: true } loop => OfSequence(WithoutConfiguration(loop.Collection), known),
        _ => null,
    };

    private static TokenGap? Of(IInvocationOperation invocation, KnownTypes known)
    {
        var method = invocation.TargetMethod;
        if (invocation.Syntax is not InvocationExpressionSyntax { ArgumentList.Arguments: var written }
            || !IsAwaited(method.ReturnType, known) || IsGivenToken(invocation, known)
            || method.Name is "ContinueWith" or "Run") // A continuation mostly has to run, and the token of Run does not stop the work.
        {
            return null;
        }

        if ((OptionalToken(invocation, known) ?? TokenOverload.Of(invocation, known)) is not { } token)
            return null;

        var isNext = token.Ordinal == invocation.Arguments.Count(each => each.ArgumentKind == ArgumentKind.Explicit) && written.All(each => each.NameColon is null);
        return new(invocation, method.Name, isNext ? "" : token.Name);
    }

    /// <summary>A sequence gets a token by <c>WithCancellation</c> if the method that returns it takes none.</summary>
    private static TokenGap? OfSequence(IOperation sequence, KnownTypes known)
    {
        if (sequence.Type is not { } type || !IsAsyncSequence(type, known)
            || (sequence is IInvocationOperation invocation && (IsGivenToken(invocation, known) || Of(invocation, known) is not null)))
        {
            return null;
        }

        return sequence.Syntax switch
        {
            InvocationExpressionSyntax when sequence is IInvocationOperation made => new(sequence, made.TargetMethod.Name, IsSequence: true),
            IdentifierNameSyntax name => new(sequence, name.Identifier.ValueText, IsSequence: true),
            MemberAccessExpressionSyntax member => new(sequence, member.Name.Identifier.ValueText, IsSequence: true),
            _ => null,
        };
    }

    private static IOperation WithoutConfiguration(IOperation sequence) => sequence switch
    {
        IConversionOperation conversion => WithoutConfiguration(conversion.Operand),
        IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: null, Arguments: [var configured, ..] } => WithoutConfiguration(configured.Value),
        _ => sequence,
    };

    private static IParameterSymbol? OptionalToken(IInvocationOperation invocation, KnownTypes known) => invocation.Arguments
        .FirstOrDefault(each => each.ArgumentKind == ArgumentKind.DefaultValue && KnownTypes.AreSame(each.Parameter?.Type, known.CancellationToken))?.Parameter;

    private static bool IsGivenToken(IInvocationOperation invocation, KnownTypes known) => invocation.Arguments
        .Any(each => each.ArgumentKind != ArgumentKind.DefaultValue && KnownTypes.AreSame(each.Parameter?.Type, known.CancellationToken));

    private static bool IsAwaited(ITypeSymbol type, KnownTypes known) => IsAsyncSequence(type, known)
        || new[] { known.Task, known.TaskOfT, known.ValueTask, known.ValueTaskOfT }.Any(each => KnownTypes.AreSame(type.OriginalDefinition, each));

    private static bool IsAsyncSequence(ITypeSymbol type, KnownTypes known) =>
        type.AllInterfaces.Prepend(type).Any(each => KnownTypes.AreSame(each.OriginalDefinition, known.AsyncInfos?.OriginalDefinition));
}
