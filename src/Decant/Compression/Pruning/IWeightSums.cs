using Decant.Models.FromTeacher;
using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>Sums of numbers that every weight of a model has, by what can be left out of the model: by what makes it, and what reads it.</summary>
internal interface IWeightSums
{
    /// <summary>Adds the numbers of a weight.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">A number for each of its elements, not below 0.</param>
    void Add(string name, Tensor values);

    /// <summary>The scores: of the sums, or of their square roots.</summary>
    UnitScores ToScores(Func<double, double> of);
}
