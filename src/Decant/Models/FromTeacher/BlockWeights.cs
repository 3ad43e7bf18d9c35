using System.Globalization;
using Decant.Models.Configuration;
using Decant.Torch;

namespace Decant.Models.FromTeacher;

/// <summary>The weights of the linear layers of a transformer's blocks.</summary>
/// <param name="All">All weights of the model.</param>
/// <param name="Layers">The path of the list of blocks.</param>
/// <param name="IsTransposed">Whether matrices are stored [in, out] (GPT-2) and not [out, in].</param>
/// <param name="HasNoMemory">Whether there are shapes alone.</param>
internal sealed record BlockWeights(IReadOnlyDictionary<string, Tensor> All, string Layers, bool IsTransposed, bool HasNoMemory)
{
    /// <summary>The path of a linear layer.</summary>
    public string PathOf(int layer, BlockLinear linear) => string.Create(CultureInfo.InvariantCulture, $"{Layers}.{layer}.{linear.Name}");

    /// <summary>A matrix [out, in], in the open scope.</summary>
    /// <param name="path">The path of its layer.</param>
    public Tensor Matrix(string path) => IsTransposed ? All[path + ".weight"].Transpose(0, 1) : All[path + ".weight"];

    /// <summary>A bias; null: there is none.</summary>
    /// <param name="path">The path of its layer.</param>
    public Tensor? Bias(string path) => All.GetValueOrDefault(path + ".bias");
}
