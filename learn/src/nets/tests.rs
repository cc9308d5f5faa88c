//! Networks: sizes, beginnings, coming and going of parameters.

use super::*;

fn shape() -> Shape {
    Shape { observation: 3, critic_input: 5, hidden: vec![8, 4], heads: vec![2, 3] }
}

fn net(seed: u64) -> ActorCritic {
    ActorCritic::new(shape(), &mut Stream::new(seed, "weights")).unwrap()
}

#[test]
fn outputs_have_the_shapes_they_should() {
    let net = net(1);
    let logits = net.logits(&Tensor::ones([7, 3], (Kind::Float, tch::Device::Cpu)));
    assert_eq!(logits.size(), [7, 5]);
    let values = net.values(&Tensor::ones([7, 5], (Kind::Float, tch::Device::Cpu)));
    assert_eq!(values.size(), [7]);
}
