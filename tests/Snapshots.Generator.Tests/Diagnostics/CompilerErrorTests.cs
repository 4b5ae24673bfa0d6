using Containerd.Snapshots.Tests.Generator.Compiling;
using Containerd.Snapshots.Tests.Generator.Output;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Errors of the compiler are not repeated, and cause no errors in emitted code.</summary>
internal sealed class CompilerErrorTests
{
    [TestCase("class", "CS1001", Description = "The name is not typed yet.")]
    [TestCase("class A<>", "CS1001")]
    [TestCase("class A<T, >", "CS1001")]
    [TestCase("class A<T> : T", "CS0689")]
    [TestCase("class A<T> where U : class", "CS0699")]
    [TestCase("class A<T> where T : Unknown", "CS0246")]
    [TestCase("class A<T> where T : IEnumerable", "CS0305")]
    [TestCase("class A<A>", "CS0694")]
    [TestCase("class A : string", "CS0509")]
    [TestCase("class A : A", "CS0146")]
    [TestCase("class A : A.Nested", "CS0146")]
    [TestCase("class A : List<Unknown>", "CS0246")]
    [TestCase("class A : FileLocal", "CS9053")]
    [TestCase("class A : List<FileLocal>", "CS9053")]
    [TestCase("class A : ISnapshotter<string>", "CS0311", "CS0535")]
    public void A_declaration_that_the_compiler_cannot_read(string declaration, params string[] errors) => AssertErrors($$"""
        [Snapshotter]
        internal partial {{declaration}}
        {
            public void Remove(string key) { }

            internal class Nested { }
        }

        file class FileLocal
        {
            public void Cleanup() { }
        }
        """, errors);

    [Test]
    public void A_base_that_emitted_code_cannot_name() => AssertErrors("""
        [Snapshotter]
        internal partial class Example : Base<FileLocal>
        {
            private new void Remove(string key) { }
        }

        internal class Base<T>
        {
            public void Remove(string key) { }
        }

        file class FileLocal
        {
        }
        """, "CS9053");

    [TestCase("namespace ;", "", "CS1001")]
    [TestCase("namespace Samples. ;", "", "CS1001")]
    [TestCase("internal partial class {", "}", "CS1001")]
    [TestCase("internal class {", "}", "CS1001")]
    [TestCase("internal partial class Outer<> {", "}", "CS1001")]
    [TestCase("internal partial interface IOuter<in T> {", "}", "CS8427")]
    [TestCase("internal partial enum Outer {", "}", "CS0267", "CS0592", "CS1001", "CS1513", "CS1022")]
    public void Surroundings_that_the_compiler_cannot_read(string before, string after, params string[] errors) => AssertErrors($$"""
        {{before}}
        [Snapshotter]
        internal partial class Example
        {
            public void Remove(string key) { }
        }
        {{after}}
        """, errors);

    [TestCase("public void Remove(string) { }", "CS1001")]
    [TestCase("public void Remove(string key,) { }", "CS1031", "CS1001")]
    [TestCase("public void Remove(string key, string key) { }", "CS0100")]
    [TestCase("public void Remove(string key) { } public void Remove(string key) { }", "CS0111")]
    [TestCase("public void Remove(string key) { } private void Remove(string key) { }", "CS0111")]
    [TestCase("public void Remove(int key) { } public void Remove(int key) { }", "CS0111")]
    [TestCase("public void Remove(string key) { } public int Remove => 1;", "CS0102")]
    [TestCase("public void Remove(string key)", "CS1002", "CS0501")]
    [TestCase("public void Remove(string key) => ;", "CS1525")]
    [TestCase("public void Remove(Unknown key) { }", "CS0246")]
    [TestCase("public List<Unknown> Mounts(string key) => [];", "CS0246")]
    [TestCase("public Remov", "CS1519")]
    [TestCase("public partial void Remove(string key);", "CS8795")]
    [TestCase("[Experimental(\"\")] public event Action? Stat; public void Remove(string key) => Stat?.Invoke();", "CS9211")]
    public void A_method_that_the_compiler_cannot_read(string method, params string[] errors) => AssertErrors($$"""
        using System.Diagnostics.CodeAnalysis;

        [Snapshotter]
        internal partial class Example
        {
            {{method}}
        }
        """, errors);

    [TestCase("public Remov", "CS1519")]
    [TestCase("#warning Later\n public Remov", "CS1030", "CS1519")]
    public void A_syntax_error_in_one_part_hides_missing_calls(string member, params string[] errors) => AssertErrors($$"""
        [Snapshotter]
        internal partial class Example
        {
        }

        internal partial class Example
        {
            {{member}}
        }
        """, errors);

    [Test]
    public void A_warning_of_the_syntax_does_not_hide_missing_calls() => AssertErrors("""
        [Snapshotter]
        internal partial class Example
        {
        #warning Later
        }
        """, "CS1030", "SNAP0007");

    [TestCase("public partial class Example { }", "CS0262")]
    [TestCase("partial class Example : List<string> { }", "CS0263")]
    [TestCase("partial struct Example { }", "CS0261")]
    [TestCase("partial record Example { }", "CS0261")]
    [TestCase("[Snapshotter] partial record Example { public void Remove(string key) { } }", "CS0261")]
    [TestCase("enum Example { }", "CS0101")]
    public void Parts_that_disagree(string other, params string[] errors) => AssertErrors($$"""
        [Snapshotter]
        internal partial class Example : List<int>
        {
            public void Remove(string key) { }
        }

        {{other}}
        """, errors);

    [TestCase("partial class Example<U> { }", "CS0264")]
    [TestCase("partial class Example<T> where T : struct { }", "CS0265")]
    public void Parts_that_disagree_on_type_parameters(string other, string error) => AssertErrors($$"""
        [Snapshotter]
        internal partial class Example<T>
            where T : class
        {
            public void Remove(string key) { }
        }

        {{other}}
        """, error);

    [Test]
    public void Classes_that_derive_from_each_other() => AssertErrors("""
        [Snapshotter]
        internal partial class First : Second
        {
            public void Remove(string key) { }
        }

        [Snapshotter]
        internal partial class Second : First
        {
            public void Remove(string key) { }
        }
        """, "CS0146", "CS0146");

    [Test]
    public void Containers_of_one_name_and_two_kinds() => AssertErrors("""
        internal partial class Outer
        {
            [Snapshotter]
            internal partial class Example { public void Remove(string key) { } }
        }

        internal partial struct Outer
        {
            [Snapshotter]
            internal partial class Example { public void Remove(string key) { } }
        }
        """, "CS0261");

    [Test]
    public void A_class_and_a_namespace_of_one_name() => AssertErrors("""
        namespace Samples.Outer
        {
            [Snapshotter]
            internal partial class Example { public void Remove(string key) { } }
        }

        namespace Samples
        {
            internal partial class Outer
            {
                [Snapshotter]
                internal partial class Example { public void Remove(string key) { } }
            }
        }
        """, "CS0101");

    [TestCase("[Snapshotter(1)]", "CS1729")]
    [TestCase("[Snapshotter(Name = 1)]", "CS0246")]
    [TestCase("[Snapshotter, Snapshotter]", "CS0579")]
    [TestCase("[method: Snapshotter]", "CS0657")]
    [TestCase("[Snapshotter", "CS1003")]
    public void An_attribute_that_the_compiler_cannot_read(string attribute, string error) => AssertErrors($$"""
        {{attribute}}
        internal partial class Example
        {
            public void Remove(string key) { }
        }
        """, error);

    private static void AssertErrors(string source, params string[] errors) =>
        Assert.That(Shape.Complaints(new Project(source).Generate()).Select(each => each.Id), Is.EquivalentTo(errors));
}
