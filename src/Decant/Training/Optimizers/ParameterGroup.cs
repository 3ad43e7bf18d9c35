using Decant.Torch;

namespace Decant.Training.Optimizers;

/// <summary>Parameters that share a weight decay.</summary>
/// <param name="Names">Their dotted names, which key the saved state.</param>
/// <param name="Parameters">The parameters, updated in place.</param>
/// <param name="WeightDecay">0: none.</param>
internal sealed record ParameterGroup(IReadOnlyList<string> Names, IReadOnlyList<Tensor> Parameters, double WeightDecay);

/// <summary>What one update changes together: parameters of one weight decay that were updated equally often before.</summary>
internal sealed class ParameterGroupSlice
{
    internal ParameterGroupSlice(Tensor[] parameters, Tensor[] gradients, int[] indices) =>
        (Parameters, Gradients, Indices) = (parameters, gradients, indices);

    /// <summary>The parameters, to be changed in place.</summary>
    public Tensor[] Parameters { get; }

    /// <summary>Their gradients, which may be changed as well.</summary>
    public Tensor[] Gradients { get; }

    /// <summary>0: none.</summary>
    public required double WeightDecay { get; init; }

    /// <summary>This step's learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Which update of these parameters it is, from 1.</summary>
    public required long Update { get; init; }

    internal int[] Indices { get; }
}
