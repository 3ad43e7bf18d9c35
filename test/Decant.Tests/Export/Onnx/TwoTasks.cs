using Decant.Models.Configuration;
using Decant.Models.MultiTask;
using Decant.Tests.Models;
using Decant.Torch;

namespace Decant.Tests.Export.Onnx;

/// <summary>A small model of two tasks around one trunk.</summary>
internal static class TwoTasks
{
    /// <summary>Tasks of three and of five classes; a model of the family that <see cref="Zoo"/> has under this name.</summary>
    public static MultiTaskModel Create(string name)
    {
        using var generator = new Generator(1);
        var first = Zoo.Create(name);
        var second = (((IConfigured)first).Config with { ClassNames = ["1", "2", "3", "4", "5"] }).BuildOn(first, generator);
        return new MultiTaskModel([KeyValuePair.Create("first", first), KeyValuePair.Create("second", second)]);
    }
}
