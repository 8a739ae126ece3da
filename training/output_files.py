"""Names of the files in the folder of `--out`, in the order in which the steps write them."""

PICTURES = "pictures.bin"
RENDERED = "rendered.bin"
RENDERED_MASKED = "rendered_masked.bin"
TEACHER = "teacher.pt"
CHECKPOINT = "checkpoint.pt"  # of the student's training, which continues from it
STUDENT = "student.pt"
FROZEN_ACTIVATIONS = "frozen_activations.pt"  # delete it when crops or lower layers change
LOCALISED = "localised.pt"
REFINEMENT_ACTIVATIONS = "refinement_activations.pt"  # delete it likewise
REFINED = "refined.pt"
HEAD = "head.json"  # with the temperature and the threshold "not sure"
FINAL_ARRAYS = "final_arrays.npz"
TORCH_OUTPUTS = "torch_outputs.npz"
FINAL_WEIGHTS = "final/flowers_050_224.weights.h5"
