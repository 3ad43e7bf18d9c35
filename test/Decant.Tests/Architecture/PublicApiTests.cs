using System.Reflection;
using Decant.Tests.Cli;
using PublicApiGenerator;

namespace Decant.Tests.Architecture;

/// <summary>The public face of each library, approved as C# declarations with their nullability. After a change that is meant: DECANT_APPROVE=1 ./decant test --filter PublicApi</summary>
public class PublicApiTests
{
    /// <summary>What all assemblies together may show. A type is public because a user names it: docs/decisions/2026-11-30-public-face.md.</summary>
    private const int MostPublicTypes = 436;

    // What a description says is approved in docs/recipes.md.
    private static readonly ApiGeneratorOptions s_options = new() { IncludeAssemblyAttributes = false, ExcludeAttributes = ["System.ComponentModel.DescriptionAttribute", "System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute"] };

    public static TheoryData<string> Shipped => ["Decant.Core", "Decant.Text", "Decant.Inference", "Decant.Serving", "Decant.Torch", "Decant", "Decant.LLama", "Decant.Runs", "Decant.Cli"];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void The_public_face_is_the_approved_one(string name) =>
        Approved.Check(Assembly.Load(name).GeneratePublicApi(s_options).ReplaceLineEndings("\n"), name, "PublicApi");

    /// <summary>Every new public type has to be kept, documented and versioned for as long as somebody uses it.</summary>
    [Fact]
    public void The_public_face_stays_small()
    {
        var counts = Shipped.Select(row => row.Data).Select(name => (Name: name, Count: Assembly.Load(name).GetExportedTypes().Length)).ToList();
        var all = counts.Sum(c => c.Count);
        Assert.True(all <= MostPublicTypes, $"{all} public types, at most {MostPublicTypes} are meant: {string.Join(", ", counts.Select(c => $"{c.Name} {c.Count}"))}. What no user names should be internal.");
    }
}
