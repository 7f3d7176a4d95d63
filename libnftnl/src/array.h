/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LIBNFTNL_OFFLOAD_INTERNAL_ARRAY_H_
#define _LIBNFTNL_OFFLOAD_INTERNAL_ARRAY_H_

/* Items are allocated one by one: pointers to them stay when more are added. */
struct nftnl_array {
	void		**item;
	unsigned int	num;
	unsigned int	room;
};

/* array.c */
void nftnl_array_free(struct nftnl_array *array);
void *nftnl_array_add(struct nftnl_array *array, const void *item, size_t size);
const void *nftnl_array_get(const struct nftnl_array *array, unsigned int i);
void nftnl_array_build(struct nlmsghdr *nlh, const struct nftnl_array *array,
		       uint16_t type, uint16_t item,
		       void (*build)(struct nlmsghdr *nlh, const void *item));

/* struct nftnl_offload_device with its reason */
struct nftnl_device {
	struct nftnl_offload_device	device;
	char				reason[NFTNL_REASON_SIZE];
};

/* device.c: arrays of struct nftnl_device */
int nftnl_device_add(struct nftnl_array *array, const struct nftnl_offload_device *dev);
int nftnl_device_parse(void *array, const struct nlattr *nest);
void nftnl_device_build(struct nlmsghdr *nlh, const void *item);
void nftnl_device_build_side(struct nlmsghdr *nlh, const void *item);

#endif /* _LIBNFTNL_OFFLOAD_INTERNAL_ARRAY_H_ */
