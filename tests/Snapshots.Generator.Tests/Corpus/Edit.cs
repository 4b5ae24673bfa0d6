using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Tests.Generator.Corpus;

/// <summary>Edits a source at the place of a diagnostic.</summary>
internal sealed class Edit(string source, int position, string message)
{
    private readonly SyntaxNode _root = CSharpSyntaxTree.ParseText(source).GetRoot();
    private readonly List<TextChange> _changes = [];
    private string? _type;

    private TypeDeclarationSyntax Type => _type is null
        ? At<TypeDeclarationSyntax>()!
        : _root.DescendantNodes().OfType<TypeDeclarationSyntax>().First(each => Regex.Replace(_type, "<.*", "") == each.Identifier.ValueText);

    private MemberDeclarationSyntax Member => _type is null && At<MemberDeclarationSyntax>() is { } member ? member : Type;

    /// <summary>The method at the place; if that is a class which inherits it, the method that the message names.</summary>
    private MethodDeclarationSyntax Method => At<MethodDeclarationSyntax>() ?? _root.DescendantNodes().OfType<MethodDeclarationSyntax>()
        .First(each => Regex.IsMatch(message, $@"\b{Regex.Replace(each.Identifier.ValueText, "Async$", "")}(Async)?\b"));

    private ParameterSyntax Parameter => At<ParameterSyntax>() ?? Method.ParameterList.Parameters.First(each => message.Contains($"'{each.Identifier.ValueText}'", StringComparison.Ordinal));

    public Edit Copy() => new(source, position, message) { _type = _type };

    public override string ToString() => SourceText.From(source).WithChanges(_changes.OrderBy(each => each.Span)).ToString();

    /// <summary>Edits another type.</summary>
    public Edit In(string type)
    {
        _type = type.Length == 0 ? null : type;
        return this;
    }

    public Edit Partial() => Type.Modifiers.Any(SyntaxKind.PartialKeyword) ? this : Insert(Type.Keyword.SpanStart, "partial ");

    public Edit Mark() => Insert(Type.SpanStart, "[Snapshotter] ").Partial();

    public Edit MarkDerived() => WithoutAttribute("Snapshotter").Insert(source.Length, $"\n[Snapshotter] internal partial class Derived : {Type.Identifier} {{ }}");

    /// <summary>Removes a modifier from a member; for a type, from its members, too.</summary>
    public Edit WithoutModifier(string word)
    {
        foreach (var member in Member is TypeDeclarationSyntax type && word == "static" ? type.Members.Prepend(type) : [Member])
            RemoveWords(member.Modifiers.Where(each => each.ValueText == word));

        return this;
    }

    public Edit Public()
    {
        var old = Method.Modifiers.Where(each => each.ValueText is "private" or "protected" or "internal");
        return RemoveWords(old).Insert((Method.Modifiers is [var first, ..] ? first : Method.ReturnType.GetFirstToken()).SpanStart, "public ");
    }

    public Edit Implicit() => Remove(Method.ExplicitInterfaceSpecifier!.Span).Insert(Method.Modifiers.FirstOrDefault().SpanStart is var start and > 0 ? start : Method.ReturnType.SpanStart, "public ");

    public Edit Rename(string name) => Replace(_root.FindToken(position).Span, name);

    public Edit RemoveMember() => Remove(Member.FullSpan);

    public Edit ReplaceMember(string name) => RemoveMember().Stubs(name);

    public Edit Stubs(string names)
    {
        var stubs = string.Join('\n', Regex.Matches(names, @"[A-Z]\w+").Select(each => Stub.Of(each.Value)));
        return Type.CloseBraceToken.IsKind(SyntaxKind.None)
            ? Replace(Type.SemicolonToken.Span, $"\n{{\n{stubs}\n}}")
            : Insert(Type.CloseBraceToken.SpanStart, $"{stubs}\n");
    }

    public Edit WithoutAttribute(string name) => RemoveAttribute(Member, name) ?? RemoveAttribute(Type.Members.OfType<MethodDeclarationSyntax>().Single(each => each.AttributeLists.Count > 0), name)!;

    /// <summary>Of two members with an attribute, one or the other loses it.</summary>
    public IEnumerable<Edit> WithoutOneOf(string attribute) => Type.Members
        .Select((_, number) => Copy() is var copy ? copy.RemoveAttribute(copy.Type.Members[number], attribute) : null)
        .OfType<Edit>();

    public Edit WithoutTypeParameters()
    {
        Remove(Method.TypeParameterList!.Span);
        foreach (var constraint in Method.ConstraintClauses)
            Remove(constraint.FullSpan);

        return this;
    }

    public Edit WithoutRef() => RemoveWords(Method.DescendantTokens().Where(each => each.IsKind(SyntaxKind.RefKeyword) || (each.IsKind(SyntaxKind.ReadOnlyKeyword) && each.Parent is RefTypeSyntax)));

    public Edit Constrain(string parameter, string constraint)
    {
        var clause = _root.DescendantNodes().OfType<TypeParameterConstraintClauseSyntax>().First(each => each.Name.ToString() == parameter);
        return Replace(clause.Span, $"where {parameter} : {constraint}");
    }

    public Edit Dispose(string type, string member)
    {
        var (method, call) = type == "IDisposable" ? ("void Dispose()", "Dispose()") : ("ValueTask DisposeAsync()", "DisposeAsync()");
        return Insert(Type.Identifier.Span.End, Type.BaseList is null ? $" : {type}" : "")
            .Insert(Type.BaseList?.Span.End ?? 0, Type.BaseList is null ? "" : $", {type}")
            .Insert(Type.CloseBraceToken.SpanStart, $"public {method} => {member}.{call};\n");
    }

    /// <summary>Returns each of the types in a text such as "A (also in Task) or B".</summary>
    public IEnumerable<Edit> Return(string types) => types.Length == 0
        ? [this]
        : ReturnOptions.Of(types, Method.Modifiers.Any(SyntaxKind.AsyncKeyword)).Select(type => With(Copy(), _changes).Replace(Method.ReturnType.Span, type));

    /// <summary>Follows a list such as ", write 'string key', remove 'other'".</summary>
    public Edit Parameters(string list)
    {
        foreach (Match each in Regex.Matches(list, "(write|remove) '(?:[^']* )?([^' ]+)'"))
        {
            var parameter = Method.ParameterList.Parameters.First(other => other.Identifier.ValueText == each.Groups[2].Value);
            if (each.Groups[1].Value == "write")
                Replace(parameter.Span, Regex.Match(each.Value, "'(.+)'").Groups[1].Value);
            else
                RemoveParameter(each.Groups[2].Value);
        }

        return this;
    }

    public Edit AddParameters(string parameters) =>
        Insert(Method.ParameterList.OpenParenToken.Span.End, Method.ParameterList.Parameters.Count == 0 ? parameters : $"{parameters}, ");

    public Edit WriteParameter(string text) => Replace(Parameter.Span, text);

    public IEnumerable<Edit> WriteOneOf(string list) =>
        Regex.Matches(list, @"'([^']+)'|\ba (\w+)").Select(each => Copy().WriteParameter(each.Groups[2].Success ? $"{each.Groups[2].Value} {Parameter.Identifier}" : each.Groups[1].Value));

    public Edit RemoveParameter(string? name = null)
    {
        var parameters = Method.ParameterList.Parameters;
        var number = name is null ? parameters.IndexOf(Parameter) : parameters.IndexOf(each => each.Identifier.ValueText == name);
        return Remove(number > 0
            ? TextSpan.FromBounds(parameters.GetSeparator(number - 1).SpanStart, parameters[number].Span.End)
            : TextSpan.FromBounds(parameters[0].SpanStart, parameters.Count > 1 ? parameters[1].SpanStart : parameters[0].Span.End));
    }

    public Edit WithoutModifierOfParameter(string words) => RemoveWords(Parameter.Modifiers.Where(each => each.ValueText == "scoped" || words.Split(' ').Contains(each.ValueText)));

    private Edit? RemoveAttribute(MemberDeclarationSyntax member, string name)
    {
        var attribute = member.AttributeLists.SelectMany(each => each.Attributes).FirstOrDefault(each => each.Name.ToString().Split('.')[^1] == name);
        return attribute?.Parent is AttributeListSyntax { Attributes.Count: 1 } list ? Remove(list.Span) : null;
    }

    private T? At<T>()
        where T : SyntaxNode => _root.FindToken(position).Parent!.AncestorsAndSelf().OfType<T>().FirstOrDefault();

    private static Edit With(Edit edit, IEnumerable<TextChange> changes)
    {
        edit._changes.AddRange(changes);
        return edit;
    }

    private Edit RemoveWords(IEnumerable<SyntaxToken> words)
    {
        foreach (var word in words)
            Remove(TextSpan.FromBounds(word.SpanStart, word.FullSpan.End));

        return this;
    }

    private Edit Remove(TextSpan span) => Replace(span, "");

    private Edit Insert(int at, string text) => Replace(new(at, 0), text);

    private Edit Replace(TextSpan span, string text)
    {
        _changes.Add(new(span, text));
        return this;
    }
}
