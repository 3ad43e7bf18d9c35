using Decant.Models.FromTeacher;

namespace Decant.Runs.Fitting;

/// <summary>One way in which candidates differ, such as their number of layers.</summary>
/// <param name="Name">Its name, that of the recipe's key.</param>
/// <param name="Sizes">The sizes that there are, or the shares of a width, from the teacher's own, which is the largest, downwards.</param>
/// <param name="Set">Writes a size into a part of the teacher; it is not asked for the teacher's own.</param>
internal sealed record CandidateAxis(string Name, IReadOnlyList<double> Sizes, Func<PartOfTeacher, double, PartOfTeacher> Set);
